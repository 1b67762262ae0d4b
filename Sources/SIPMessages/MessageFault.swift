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
    /// lacks the Via and CSeq without which the answer would find neither its way nor its transaction. Other header
    /// fields that are missing are missing in the answer as well (RFC 4475 §3.3.1).
    package func response(to request: SIPMessage, toTag: String? = nil) -> SIPMessage? {
        guard request.isRequest, request.method != .ack else { return nil }
        guard request.contains(.via), request.contains(.cseq) else { return nil }
        return request.response(status, reason, toTag: toTag, headers: headers.map { ($0.name, $0.value) })
    }
}
