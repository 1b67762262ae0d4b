/// reason-value = protocol *( SEMI reason-params ) (RFC 3326 §2): why a request was sent, in a BYE or CANCEL.
package struct ReasonHeader: Hashable, Sendable, CustomStringConvertible {
    /// `SIP`, `Q.850`.
    package var protocolName: String
    package var parameters: Parameters

    package init(_ protocolName: String, cause: Int, text: String? = nil) {
        self.protocolName = protocolName
        parameters = Parameters([.init(name: "cause", text: "\(cause)")])
        if let text { parameters.set("text", QuotedString.quoted(text)) }
    }

    package init(_ value: HeaderText) throws(SIPParseError) {
        var cursor = HeaderCursor(value)
        guard let name = cursor.token() else { throw .malformed(.reason) }
        protocolName = name
        parameters = try Parameters(reading: &cursor, of: .reason)
        guard cursor.isAtEnd else { throw .malformed(.reason) }
    }

    /// A status code or a Q.850 cause.
    package var cause: Int? { parameters["cause"].flatMap { Expires.seconds($0.utf8) } }
    package var text: String? { parameters["text"] }

    package var description: String { "\(protocolName)\(parameters)" }
}

extension SIPMessage {
    package var reasons: [ReasonHeader] {
        get throws(SIPParseError) {
            var found: [ReasonHeader] = []
            for text in values(.reason) { found.append(try ReasonHeader(text)) }
            return found
        }
    }
}
