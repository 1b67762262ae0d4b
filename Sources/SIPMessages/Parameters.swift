/// The parameters of a header field's value or of a URI, in the order they stand in: `;name`, `;name=value` or
/// `;name="quoted value"`. Names are compared without regard to case (RFC 3261 §7.3.1).
package struct Parameters: Hashable, Sendable, CustomStringConvertible {
    /// One parameter.
    package struct Parameter: Hashable, Sendable {
        package var name: String
        /// The value as it is written, with its quotes if it has any; nil for a flag.
        package var text: String?

        package init(name: String, text: String?) {
            self.name = name
            self.text = text
        }

        /// The value without quotes and escapes; nil for a flag.
        package var value: String? {
            text.map { $0.utf8.first == UInt8(ascii: "\"") ? QuotedString.unquoted($0) : $0 }
        }
    }

    package var list: [Parameter]

    package init(_ list: [Parameter] = []) { self.list = list }

    package var isEmpty: Bool { list.isEmpty }

    /// The value of the first parameter of this name, without quotes: "" for a flag, nil when it is not there.
    package subscript(_ name: String) -> String? {
        guard let found = list.first(where: { ASCII.equalIgnoringCase($0.name, name) }) else { return nil }
        return found.value ?? ""
    }

    package func contains(_ name: String) -> Bool {
        list.contains { ASCII.equalIgnoringCase($0.name, name) }
    }

    /// Puts `text` in the place of the parameter of this name, or at the end.
    /// - Parameter text: the value as it is to be written, quoted if need be (`QuotedString.quoted`); nil for a flag.
    package mutating func set(_ name: String, _ text: String?) {
        if let position = list.firstIndex(where: { ASCII.equalIgnoringCase($0.name, name) }) {
            list[position].text = text
        } else {
            list.append(Parameter(name: name, text: text))
        }
    }

    package mutating func remove(_ name: String) {
        list.removeAll { ASCII.equalIgnoringCase($0.name, name) }
    }

    package var description: String {
        list.reduce(into: "") { text, parameter in
            text += ";" + parameter.name
            if let value = parameter.text { text += "=" + value }
        }
    }
}

extension Parameters {
    /// Reads `*( SEMI generic-param )` up to the end of the value or a comma (RFC 3261 §25.1).
    init(reading cursor: inout HeaderCursor, of header: HeaderName) throws(SIPParseError) {
        list = []
        while cursor.takeSeparator(UInt8(ascii: ";")) {
            guard list.count < MessageLimits.parameters, let name = cursor.token() else { throw .malformed(header) }
            var text: String?
            if cursor.takeSeparator(UInt8(ascii: "=")) {
                guard let value = Self.value(&cursor) else { throw .malformed(header) }
                text = value
            }
            list.append(Parameter(name: name, text: text))
        }
        cursor.skipWhitespace()
    }

    /// gen-value = token / host / quoted-string (RFC 3261 §25.1); tags and branches of the field hold "/", "=" and the
    /// like, so every visible character that ends nothing is taken.
    static func value(_ cursor: inout HeaderCursor) -> String? {
        if cursor.peek == UInt8(ascii: "\"") {
            return cursor.quotedString().map { HeaderText($0).string }
        }
        let ends: (UInt8) -> Bool = { byte in
            byte > ASCII.space && byte != 0x7F && byte != UInt8(ascii: ";") && byte != UInt8(ascii: ",")
                && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
        }
        return cursor.run(while: ends).map { String(decoding: $0, as: UTF8.self) }
    }
}
