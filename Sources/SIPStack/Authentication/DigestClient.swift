import Primitives
import SIPMessages

/// The user agent's side of digest authentication: answers challenges and, while a nonce is good, comes with
/// credentials unasked (RFC 3261 §22.2, RFC 7616 §3.4, RFC 8760 §2.4).
package struct DigestClient: Sendable {
    private struct Protection: Sendable {
        var role: ChallengeRole
        var realm: String
        var nonce: String
        var algorithm: DigestAlgorithm
        var opaque: String?
        var offersQuality: Bool
        var count: UInt32 = 0
        var ha1: [UInt8]
    }

    /// More realms than this between a user agent and its peer are not believed.
    private static let maximumProtections = 8

    private let user: String
    private let password: String
    private var protections: [Protection] = []
    private var random: RandomSource

    package init(user: String, password: String, random: RandomSource) {
        self.user = user
        self.password = password
        self.random = random
    }

    /// Adds credentials for all realms that have challenged before; nothing while none has.
    ///
    /// - Parameter request: without credentials of ours, with its final method and Request-URI.
    package mutating func authorized(_ request: SIPMessage) -> SIPMessage {
        guard !protections.isEmpty, let method = request.method else { return request }
        var headers: [(HeaderName, String)] = []
        for position in protections.indices {
            headers.append(credentials(at: position, method: method.description, uri: request.requestURIText))
        }
        return request.editing { edit in
            for name in [HeaderName.authorization, .proxyAuthorization] { edit.removeAll(name) }
            for (name, value) in headers { edit.append(name, value) }
        }
    }

    /// Takes note of the challenges of a 401 or 407.
    ///
    /// - Returns: whether it is worth sending the request again, with another CSeq and through ``authorized(_:)``. It is
    ///   not when the response repeats a challenge that credentials have already answered: the password is wrong.
    package mutating func learn(from response: SIPMessage) -> Bool {
        let role: ChallengeRole
        switch response.statusCode {
        case 401: role = .server
        case 407: role = .proxy
        default: return false
        }
        var isNew = false
        var realms: Set<String> = []
        for text in response.values(role.challengeHeader) {
            guard let header = try? AuthHeader(text, of: role.challengeHeader), header.isDigest,
                let realm = header["realm"], let nonce = header["nonce"],
                let algorithm = DigestAlgorithm(named: header["algorithm"])
            else { continue }
            // RFC 8760 §2.4: of several challenges for a realm the topmost that is supported is answered.
            guard realms.insert(realm).inserted else { continue }
            let qualities = (header["qop"] ?? "").split(separator: ",").map { $0.filter { $0 != " " }.lowercased() }
            guard header["qop"] == nil || qualities.contains("auth") else { continue }
            let protection = Protection(
                role: role, realm: realm, nonce: nonce, algorithm: algorithm, opaque: header["opaque"],
                offersQuality: !qualities.isEmpty,
                ha1: DigestResponse.ha1(algorithm, user: user, realm: realm, password: password))
            if note(protection, isStale: header["stale"]?.lowercased() == "true") { isNew = true }
        }
        return isNew
    }

    /// - Returns: false when the realm refused credentials that had been given to it.
    private mutating func note(_ new: Protection, isStale: Bool) -> Bool {
        if let position = protections.firstIndex(where: { $0.role == new.role && $0.realm == new.realm }) {
            let wasAnswered = protections[position].count > 0
            protections[position] = new
            if wasAnswered, !isStale {
                protections.remove(at: position)
                return false
            }
            return true
        }
        guard protections.count < Self.maximumProtections else { return false }
        protections.append(new)
        return true
    }

    private mutating func credentials(at position: Int, method: String, uri: String) -> (HeaderName, String) {
        protections[position].count += 1
        let protection = protections[position]
        var header = AuthHeader()
        header.setQuoted("username", user)
        header.setQuoted("realm", protection.realm)
        header.setQuoted("nonce", protection.nonce)
        header.setQuoted("uri", uri)
        header.set("algorithm", protection.algorithm.rawValue)
        var quality: DigestResponse.Quality?
        if protection.offersQuality {
            let digits = String(protection.count, radix: 16)
            let count = String(repeating: "0", count: 8 - digits.count) + digits
            let clientNonce = random.token(16)
            quality = DigestResponse.Quality(nonceCount: count, clientNonce: clientNonce)
            header.set("qop", "auth")
            header.set("nc", count)
            header.setQuoted("cnonce", clientNonce)
        }
        let response = DigestResponse.response(
            protection.algorithm, ha1: protection.ha1, method: method, uri: uri, nonce: protection.nonce,
            quality: quality)
        header.setQuoted("response", String(decoding: response, as: UTF8.self))
        if let opaque = protection.opaque { header.setQuoted("opaque", opaque) }
        return (protection.role.credentialsHeader, header.text)
    }
}
