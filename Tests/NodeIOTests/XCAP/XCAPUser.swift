import SIPMessages
import SIPStack

/// A user's XCAP client, with digest authentication over HTTP (RFC 7616).
struct XCAPUser {
    /// The user name of the digest.
    let name: String
    let password: String
    let algorithm: DigestAlgorithm
    let peer: HTTPPeer
    private var challenge: AuthHeader?
    private var count: UInt32 = 0

    init(name: String, password: String, algorithm: DigestAlgorithm, peer: HTTPPeer) {
        self.name = name
        self.password = password
        self.algorithm = algorithm
        self.peer = peer
    }

    /// Sends a request, once more with credentials when it is challenged.
    ///
    /// - Parameter path: below the root, with its query.
    mutating func request(
        _ method: String, _ path: String, type: String? = nil, fields: [String] = [], body: String? = nil
    ) async throws -> HTTPPeer.Response {
        let target = "/xcap-root\(path)"
        var response: HTTPPeer.Response?
        for _ in 0..<2 {
            var all = fields
            if let type { all.append("Content-Type: \(type)") }
            if let credentials = credentials(method, target) { all.append("Authorization: \(credentials)") }
            response = await peer.request("\(method) \(target)", fields: all, body: body)
            guard let response, response.status == 401 else { break }
            let challenges = response.challenges.compactMap { try? AuthHeader(HeaderText($0)) }
            challenge = challenges.first { DigestAlgorithm(named: $0["algorithm"]) == algorithm }
            count = 0
        }
        guard let response else { throw Closed(request: "\(method) \(path)") }
        return response
    }

    /// The server closed the connection in place of an answer.
    struct Closed: Error { let request: String }

    private mutating func credentials(_ method: String, _ uri: String) -> String? {
        guard let challenge, let realm = challenge["realm"], let nonce = challenge["nonce"] else { return nil }
        count += 1
        let digits = String(count, radix: 16)
        let quality = DigestResponse.Quality(
            nonceCount: String(repeating: "0", count: 8 - digits.count) + digits, clientNonce: "0a4f113b")
        let response = DigestResponse.response(
            algorithm, ha1: DigestResponse.ha1(algorithm, user: name, realm: realm, password: password),
            method: method, uri: uri, nonce: nonce, quality: quality)
        var header = AuthHeader()
        for (parameter, value) in [("username", name), ("realm", realm), ("nonce", nonce), ("uri", uri)] {
            header.setQuoted(parameter, value)
        }
        header.set("algorithm", algorithm.rawValue)
        header.set("qop", "auth")
        header.set("nc", quality.nonceCount)
        header.setQuoted("cnonce", quality.clientNonce)
        header.setQuoted("response", String(decoding: response, as: UTF8.self))
        return header.text
    }
}
