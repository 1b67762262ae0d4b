/// CSeq = 1*DIGIT LWS Method (RFC 3261 §20.16): the order of the requests of a dialog.
package struct CSeq: Hashable, Sendable, CustomStringConvertible {
    /// Less than 2^31 in requests that begin a dialog, at most 2^32 − 1 (RFC 3261 §8.1.1.5).
    package var number: UInt32
    package var method: SIPMethod

    package init(_ number: UInt32, _ method: SIPMethod) {
        self.number = number
        self.method = method
    }

    package init(_ text: HeaderText) throws(SIPParseError) {
        var cursor = HeaderCursor(text)
        guard let number = cursor.number(upTo: UInt64(UInt32.max)), let gap = cursor.peek, ASCII.isWhitespace(gap)
        else {
            throw .malformed(.cseq)
        }
        cursor.skipWhitespace()
        guard let method = cursor.run(while: ASCII.isToken), cursor.isAtEnd else { throw .malformed(.cseq) }
        self.init(UInt32(number), SIPMethod(method))
    }

    package var description: String { "\(number) \(method)" }
}

extension SIPMessage {
    package var cseq: CSeq {
        get throws(SIPParseError) {
            guard let text = value(.cseq) else { throw .missing(.cseq) }
            return try CSeq(text)
        }
    }
}
