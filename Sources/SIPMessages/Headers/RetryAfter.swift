/// Retry-After = delta-seconds [ comment ] *( SEMI retry-param ) (RFC 3261 §20.33): when to try again.
package struct RetryAfter: Hashable, Sendable, CustomStringConvertible {
    /// In seconds.
    package var seconds: Int
    package var parameters: Parameters

    package init(seconds: Int) {
        self.seconds = seconds
        parameters = Parameters()
    }

    package init(_ text: HeaderText) throws(SIPParseError) {
        var cursor = HeaderCursor(text)
        guard let seconds = cursor.number(upTo: UInt64(UInt32.max)) else { throw .malformed(.retryAfter) }
        self.seconds = Int(seconds)
        cursor.skipWhitespace()
        if cursor.peek == UInt8(ascii: "(") { cursor.skipComment() }
        parameters = try Parameters(reading: &cursor, of: .retryAfter)
        guard cursor.isAtEnd else { throw .malformed(.retryAfter) }
    }

    /// For how long the callee will then be reachable, in seconds.
    package var duration: Int? { parameters["duration"].flatMap { Expires.seconds($0.utf8) } }

    package var description: String { "\(seconds)\(parameters)" }
}

extension SIPMessage {
    package var retryAfter: RetryAfter? {
        get throws(SIPParseError) {
            guard let text = value(.retryAfter) else { return nil }
            return try RetryAfter(text)
        }
    }
}
