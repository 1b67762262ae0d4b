import OverlayNode
import Primitives
import SIPMessages
import SIPStack

/// The messages of a softphone at a port of loopback, as far as these tests need one.
struct Phone {
    let user: String
    let port: UInt16
    /// The member of the mesh that it talks to.
    let server: Int
    let domain: String
    private var cseq = 0

    init(_ user: String, port: UInt16, server: Int, domain: String = "example.org") {
        self.domain = domain
        self.user = user
        self.port = port
        self.server = server
    }

    var uri: SIPURI { SIPURI(AddressOfRecord(user: user, host: domain)!) }
    var contact: String { "<sip:\(user)@127.0.0.1:\(port)>" }

    mutating func request(
        _ method: SIPMethod, to target: SIPURI, headers: [(HeaderName, String)] = [], body: [UInt8] = [],
        contentType: String? = nil, callID: String? = nil
    ) -> SIPMessage {
        cseq += 1
        return SIPMessage.request(
            method, uri: target,
            headers: [
                (.via, "SIP/2.0/UDP 127.0.0.1:\(port);branch=z9hG4bK\(user)\(port)x\(cseq)\(callID ?? "");rport"),
                (.maxForwards, "70"), (.from, "<\(uri)>;tag=\(user)\(port)"),
                (.to, method == .register ? "<\(uri)>" : "<\(target)>"),
                (.callID, callID ?? "\(method)-\(user)-\(port)"), (.cseq, "\(cseq) \(method)"),
            ] + headers, body: body, contentType: contentType)
    }

    /// Registers with a digest, and says what the server answered at last.
    mutating func register(_ mesh: inout Mesh, password: String, expires: Int = 3600) -> Int? {
        perform(
            &mesh, .register, to: SIPURI(host: domain), password: password,
            headers: [(.contact, contact), (.expires, "\(expires)")])?.statusCode
    }

    /// Sends a request, again with credentials when it is challenged, and returns the final response.
    mutating func perform(
        _ mesh: inout Mesh, _ method: SIPMethod, to target: SIPURI, password: String,
        headers: [(HeaderName, String)] = [], body: [UInt8] = [], contentType: String? = nil, callID: String? = nil
    ) -> SIPMessage? {
        send(
            &mesh, method, to: target, password: password, headers: headers, body: body, contentType: contentType,
            callID: callID)
        return final(&mesh)
    }

    /// The same, up to the request with credentials, or the refusal to give any more.
    mutating func send(
        _ mesh: inout Mesh, _ method: SIPMethod, to target: SIPURI, password: String,
        headers: [(HeaderName, String)] = [], body: [UInt8] = [], contentType: String? = nil, callID: String? = nil
    ) {
        var client = DigestClient(user: user, password: password, random: RandomSource(seed: UInt64(cseq) + 7))
        let first = request(
            method, to: target, headers: headers, body: body, contentType: contentType, callID: callID)
        mesh.receive(first, at: server, fromPort: port)
        // The challenge of an INVITE before this one, which nobody acknowledged, may still be repeated.
        let number = "\(cseq) "
        let challenge = mesh.message(from: server, toPort: port) {
            [401, 407].contains($0.statusCode) && $0.value(.cseq)?.string.hasPrefix(number) == true
        }
        guard let challenge, client.learn(from: challenge)
        else { return }
        let second = request(
            method, to: target, headers: headers, body: body, contentType: contentType, callID: callID)
        mesh.receive(client.authorized(second), at: server, fromPort: port)
    }

    /// The final response to the last request.
    func final(_ mesh: inout Mesh) -> SIPMessage? {
        let number = "\(cseq) "
        return mesh.message(from: server, toPort: port) {
            !$0.isRequest && ($0.statusCode ?? 0) >= 200 && ($0.value(.cseq)?.string.hasPrefix(number) ?? false)
        }
    }

    /// Subscribes for ten minutes, and gives the status of the answer.
    mutating func watch(_ mesh: inout Mesh, _ target: SIPURI, _ event: String) -> Int? {
        perform(
            &mesh, .subscribe, to: target, password: "pw-\(user)",
            headers: [(.event, event), (.expires, "600"), (.contact, contact)], callID: "\(event)-\(user)-\(port)"
        )?.statusCode
    }

    /// The body of the last NOTIFY until nothing has come for two seconds, all of which it answers; nil when none came
    /// within the limit.
    func told(_ mesh: inout Mesh, within limit: Interval = .seconds(10)) -> String? {
        var last: String?
        while let notify = mesh.message(
            from: server, toPort: port, within: last == nil ? limit : .seconds(2), where: { $0.method == .notify })
        {
            mesh.receive(notify.response(200), at: server, fromPort: port)
            last = String(decoding: notify.body, as: UTF8.self)
        }
        return last
    }

    /// The states of the dialogs that it was told last.
    func lamp(_ mesh: inout Mesh, within limit: Interval = .seconds(10)) -> [Substring] {
        (told(&mesh, within: limit) ?? "").matches(of: /<state[^>]*>([a-z]+)</).map(\.output.1)
    }

    static func presence(_ user: String, _ basic: String, note: String, tuple: String) -> [UInt8] {
        Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:\(user)@example.org">\
            <tuple id="\(tuple)"><status><basic>\(basic)</basic></status><note>\(note)</note></tuple></presence>
            """.utf8)
    }
}
