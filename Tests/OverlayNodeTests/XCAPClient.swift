import OverlayNode
import Primitives
import SIPMessages
import SIPStack

/// An XCAP client of a user of example.org, as far as these tests need one.
struct XCAPClient {
    let user: String
    let password: String
    private var random = RandomSource(seed: 5)

    init(_ user: String, password: String? = nil) {
        self.user = user
        self.password = password ?? "pw-\(user)"
    }

    static let lists = "application/resource-lists+xml"
    static let policy = "application/auth-policy+xml"

    /// Where a document of the user's is.
    func path(_ auid: String = "resource-lists", _ name: String = "index") -> String {
        "/\(auid)/users/sip:\(user)@example.org/\(name)"
    }

    static func call(
        _ method: String, _ path: String, fields: [(String, String)] = [], body: [UInt8] = []
    ) -> XCAPCall {
        XCAPCall(
            method: method, path: path, target: "/xcap" + path, fields: fields.map { XCAPCall.Field($0.0, $0.1) },
            body: body, remote: .loopback)
    }

    /// Sends a request with credentials and does not wait for the answer.
    mutating func send(
        _ mesh: inout Mesh, at index: Int, _ method: String, _ path: String, fields: [(String, String)] = [],
        type: String? = nil, body: [UInt8] = []
    ) -> XCAPCallID {
        let fields = fields + (type.map { [("content-type", $0)] } ?? [])
        var call = Self.call(method, path, fields: fields, body: body)
        let id = mesh.call(call, at: index)
        guard let challenge = mesh.answers[id]?.first, challenge.status == 401,
            let value = challenge.fields.first(where: { $0.name == "WWW-Authenticate" })?.value
        else { return id }
        call.fields.append(XCAPCall.Field("authorization", credentials(value, method, call.target)))
        return mesh.call(call, at: index)
    }

    /// Sends a request with credentials.
    mutating func perform(
        _ mesh: inout Mesh, at index: Int, _ method: String, _ path: String, fields: [(String, String)] = [],
        type: String? = nil, body: [UInt8] = []
    ) -> XCAPAnswer? {
        let id = send(&mesh, at: index, method, path, fields: fields, type: type, body: body)
        return mesh.answer(id)
    }

    /// Credentials for a challenge.
    mutating func credentials(_ challenge: String, _ method: String, _ uri: String) -> String {
        let asked = try? AuthHeader(HeaderText(challenge))
        let realm = asked?["realm"] ?? ""
        let nonce = asked?["nonce"] ?? ""
        let algorithm = DigestAlgorithm(named: asked?["algorithm"]) ?? .md5
        let quality = DigestResponse.Quality(nonceCount: "00000001", clientNonce: random.token(8))
        let response = DigestResponse.response(
            algorithm, ha1: DigestResponse.ha1(algorithm, user: user, realm: realm, password: password),
            method: method, uri: uri, nonce: nonce, quality: quality)
        var header = AuthHeader()
        for (name, value) in [("username", user), ("realm", realm), ("nonce", nonce), ("uri", uri)] {
            header.setQuoted(name, value)
        }
        header.set("algorithm", algorithm.rawValue)
        header.set("qop", "auth")
        header.set("nc", quality.nonceCount)
        header.setQuoted("cnonce", quality.clientNonce)
        header.setQuoted("response", String(decoding: response, as: UTF8.self))
        return header.text
    }

    /// A resource list with these people in it.
    static func list(_ users: String...) -> [UInt8] {
        let entries = users.map { #"<entry uri="sip:\#($0)@example.org"/>"# }.joined()
        return Array(
            #"<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="friends">\#(entries)</list></resource-lists>"#
                .utf8)
    }

    /// A list with somebody in it, and a comment that fills it up to that many bytes. Each stretch of the comment is
    /// different.
    static func list(_ user: String, paddedTo size: Int) -> [UInt8] {
        let list = list(user)
        guard size > list.count else { return list }
        var filling = Array("<!--".utf8)
        var number = 0
        while filling.count < size - list.count - 3 {
            filling += Array("\(user) \(number) ".utf8)
            number += 1
        }
        filling = Array(filling.prefix(size - list.count - 3)) + Array("-->".utf8)
        return list + filling
    }

    /// Rules that do this to one watcher.
    static func rules(_ handling: String, _ user: String) -> [UInt8] {
        rules(handling, where: #"<cp:identity><cp:one id="sip:\#(user)@example.org"/></cp:identity>"#)
    }

    static func rules(_ handling: String, where condition: String) -> [UInt8] {
        Array(
            """
            <cp:ruleset xmlns="urn:ietf:params:xml:ns:pres-rules" xmlns:cp="urn:ietf:params:xml:ns:common-policy">\
            <cp:rule id="a"><cp:conditions>\(condition)</cp:conditions><cp:actions><sub-handling>\(handling)\
            </sub-handling></cp:actions><cp:transformations/></cp:rule></cp:ruleset>
            """.utf8)
    }
}

extension Mesh {
    /// The answer to a call, waiting for it.
    mutating func answer(_ id: XCAPCallID, within limit: Interval = .seconds(60)) -> XCAPAnswer? {
        run(until: { $0.answers[id] != nil }, within: limit)
        return answers[id]?.last
    }
}

extension XCAPAnswer {
    var tag: String? { fields.first { $0.name == "ETag" }?.value }
}
