/// Event = event-type *( SEMI event-param ) (RFC 6665 §8.2.1): which package's state a message is about.
package struct EventHeader: Hashable, Sendable, CustomStringConvertible {
    /// The event package with its templates: `presence`, `presence.winfo`; compared with regard to case.
    package var package: String
    package var parameters: Parameters

    package init(_ package: String, id: String? = nil) {
        self.package = package
        parameters = Parameters()
        if let id { parameters.set("id", id) }
    }

    package init(_ text: HeaderText) throws(SIPParseError) {
        var cursor = HeaderCursor(text)
        guard let package = cursor.token() else { throw .malformed(.event) }
        self.package = package
        parameters = try Parameters(reading: &cursor, of: .event)
        guard cursor.isAtEnd else { throw .malformed(.event) }
    }

    /// What tells two subscriptions of one dialog apart (RFC 6665 §4.1.2.1).
    package var id: String? { parameters["id"] }

    package var description: String { "\(package)\(parameters)" }
}

extension SIPMessage {
    package var event: EventHeader? {
        get throws(SIPParseError) {
            guard let text = value(.event) else { return nil }
            return try EventHeader(text)
        }
    }
}
