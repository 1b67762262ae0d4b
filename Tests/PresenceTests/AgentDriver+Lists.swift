import Presence
import Primitives
import SIPMessages
import SIPStack

/// Subscriptions to lists.
extension AgentDriver {
    /// The header fields of a subscriber who understands lists.
    static let listHeaders = [
        "Supported: eventlist", "Accept: application/pidf+xml, application/rlmi+xml", "Accept: multipart/related",
    ]

    /// Sends a SUBSCRIBE of bob's with a list in it and gives the response's status.
    @discardableResult
    mutating func subscribe(
        toAll uris: [String], call: String = "list", from: String = "w1", to: String? = nil, cseq: Int = 1,
        expires: Int = 3600, headers: [String] = listHeaders, type: String = "application/resource-lists+xml",
        body: String? = nil, event: String = "presence", flow: Flow = phone, as user: AddressOfRecord? = bob
    ) throws -> Int {
        let lines =
            headers + [
                "Require: recipient-list-subscribe", "Content-Disposition: recipient-list", "Content-Type: \(type)",
                "Event: \(event)", "Expires: \(expires)", "Contact: <sip:bob@198.51.100.7:5062>",
            ]
        let toTag = to.map { ";tag=\($0)" } ?? ""
        try request(
            Self.text(
                "SUBSCRIBE", "sip:rls@example.org", to: "<sip:rls@example.org>\(toTag)",
                from: "<sip:bob@example.org>;tag=\(from)", call: call, cseq: cseq, lines,
                body ?? ListFixtures.flat(uris)), flow: flow, as: user)
        return response?.statusCode ?? 0
    }

    /// Publishes for a user, in place of what the tag stands for, and gives the new tag.
    @discardableResult
    mutating func publish(_ inner: String, of user: AddressOfRecord, tag: String? = nil) throws -> String? {
        var lines = ["Event: presence", "Expires: 3600", "Content-Type: application/pidf+xml"]
        if let tag { lines.append("SIP-If-Match: \(tag)") }
        try request(
            Self.text(
                "PUBLISH", "sip:\(user)", to: "<sip:\(user)>", from: "<sip:\(user)>;tag=p", lines,
                PresenceFixtures.document(inner)), as: user)
        return try response?.sipETag
    }

    /// Refreshes or ends a subscription to a list.
    @discardableResult
    mutating func subscribe(uri: String, _ tag: String, _ cseq: Int, expires: Int = 3600) throws -> Int {
        try subscribe(
            call: "list", to: tag, cseq: cseq, expires: expires, extra: Self.listHeaders, uri: uri)
    }
}
