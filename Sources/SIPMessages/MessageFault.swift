/// Why a request that could be read is refused all the same.
package struct MessageFault: Hashable, Sendable {
    package let status: Int
    package let reason: String
    /// Header fields that the answer carries besides those copied from the request.
    package let headers: [HeaderValue]

    /// One header field of an answer.
    package struct HeaderValue: Hashable, Sendable {
        package let name: HeaderName
        package let value: String
    }

    package init(status: Int, reason: String, headers: [HeaderValue] = []) {
        self.status = status
        self.reason = reason
        self.headers = headers
    }

    init(_ error: SIPParseError) { self.init(status: error.status, reason: error.reason) }

    /// The answer to `request`; nil when it is a response or an ACK, which are never answered (RFC 3261 §17.1.1.3), or
    /// lacks a header field that a response must copy (RFC 3261 §8.2.6.2).
    package func response(to request: SIPMessage, toTag: String? = nil) -> SIPMessage? {
        guard request.isRequest, request.method != .ack else { return nil }
        for name in [HeaderName.via, .from, .to, .callID, .cseq] where request.value(name) == nil { return nil }
        return request.response(status, reason, toTag: toTag, headers: headers.map { ($0.name, $0.value) })
    }
}
