/// What is wrong with a message or one of its header fields, and what the element that received it answers.
package struct SIPParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The status a request with this fault is answered with; a response with a fault is dropped (RFC 3261 §18.1.2).
    package let status: Int
    /// The reason phrase of that answer, which names the fault.
    package let reason: String
    /// What could be read of the message; nil when the fault is in a single value or nothing could be read.
    package let message: SIPMessage?

    package init(status: Int = 400, _ reason: String, message: SIPMessage? = nil) {
        self.status = status
        self.reason = reason
        self.message = message
    }

    /// The fault of a header field that breaks its own grammar.
    static func malformed(_ name: HeaderName) -> SIPParseError { SIPParseError("Malformed \(name) header field") }

    /// The fault of a header field that has to be there and is not.
    static func missing(_ name: HeaderName) -> SIPParseError { SIPParseError("Missing \(name) header field") }

    /// The answer that this fault deserves; nil when the message was a response or an ACK, or lacks what an
    /// answer can't do without.
    package var response: SIPMessage? {
        guard let message else { return nil }
        return MessageFault(status: status, reason: reason).response(to: message)
    }

    package var description: String { "\(status) \(reason)" }
}
