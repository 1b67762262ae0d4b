/// warning-value = 3DIGIT SP warn-agent SP quoted-string (RFC 3261 §20.43).
package struct Warning: Hashable, Sendable, CustomStringConvertible {
    package var code: Int
    package var agent: String
    package var text: String

    package init(code: Int, agent: String, text: String) {
        self.code = code
        self.agent = agent
        self.text = text
    }

    package init(_ value: HeaderText) throws(SIPParseError) {
        var cursor = HeaderCursor(value)
        guard let digits = cursor.run(while: ASCII.isDigit), digits.count == 3,
            cursor.peek.map(ASCII.isWhitespace) == true
        else { throw .malformed(.warning) }
        cursor.skipWhitespace()
        guard let agent = cursor.run(while: { !ASCII.isWhitespace($0) }) else { throw .malformed(.warning) }
        cursor.skipWhitespace()
        guard let quoted = cursor.quotedString(), cursor.isAtEnd else { throw .malformed(.warning) }
        code = digits.reduce(0) { $0 * 10 + Int($1 & 15) }
        self.agent = String(decoding: agent, as: UTF8.self)
        text = QuotedString.unquoted(HeaderText(quoted).string)
    }

    package var description: String { "\(code) \(agent) \(QuotedString.quoted(text))" }
}

extension SIPMessage {
    package var warnings: [Warning] {
        get throws(SIPParseError) {
            var found: [Warning] = []
            for text in values(.warning) { found.append(try Warning(text)) }
            return found
        }
    }
}
