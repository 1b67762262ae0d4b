/// Reads the tokens of which XPath expressions and their relatives are made (XPath 1.0 §3.7), one after the other.
///
/// It knows no grammar: whoever uses it takes what its own grammar allows and refuses everything else.
package struct SelectorScanner: Sendable {
    private let text: [UInt8]
    private var position = 0

    package init(_ text: String) { self.text = Array(text.utf8) }

    package var isAtEnd: Bool { position == text.count }

    /// Takes a token if it is the next one.
    package mutating func take(_ token: StaticString) -> Bool {
        let matches = token.withUTF8Buffer { text[position...].starts(with: $0) }
        if matches { position += token.utf8CodeUnitCount }
        return matches
    }

    package mutating func skipSpace() {
        while position < text.count, [32, 9, 10, 13].contains(text[position]) { position += 1 }
    }

    /// A name, perhaps with a prefix; nil, with nothing taken, when there is none.
    package mutating func qualifiedName() -> QualifiedName? {
        let end = text[position...].firstIndex { !Self.isInName($0) } ?? text.count
        guard let name = QualifiedName(String(decoding: text[position..<end], as: UTF8.self)) else { return nil }
        position = end
        return name
    }

    /// A string between quotes or apostrophes. XPath 1.0 §3.7 has no way to write the delimiter inside.
    package mutating func literal() -> String? {
        guard position < text.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(text[position]),
            let end = text[(position + 1)...].firstIndex(of: text[position])
        else { return nil }
        defer { position = end + 1 }
        return String(decoding: text[(position + 1)..<end], as: UTF8.self)
    }

    /// Digits, as they are written; nil when there are none.
    package mutating func digits() -> String? {
        let end = text[position...].firstIndex { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? text.count
        guard end > position else { return nil }
        defer { position = end }
        return String(decoding: text[position..<end], as: UTF8.self)
    }

    /// Bytes that can be part of a name; whether they are one in their order is up to ``QualifiedName``.
    private static func isInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF:
            true
        default: "_-.:".utf8.contains(byte)
        }
    }
}
