/// What a document says of its own encoding. XCAP allows none but UTF-8 (RFC 4825 §5.3).
enum DocumentEncoding {
    /// Where the XML declaration ends, a byte order mark before it included; nil when there is no declaration.
    static func declaration(of bytes: [UInt8]) -> Range<Int>? {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let start = bytes.starts(with: mark) ? mark.count : 0
        guard bytes[start...].starts(with: "<?xml".utf8) else { return nil }
        // `<?xml-stylesheet` is an instruction like any other.
        let next = start + 5
        guard next < bytes.count, bytes[next] <= 32 else { return nil }
        guard let end = bytes[next...].firstIndex(of: UInt8(ascii: ">")), bytes[end - 1] == UInt8(ascii: "?") else {
            return nil
        }
        return 0..<(end + 1)
    }

    /// Whether the declaration names an encoding that is not UTF-8.
    static func isDeclaredOther(_ bytes: [UInt8]) -> Bool {
        guard let range = declaration(of: bytes) else { return false }
        var rest = bytes[range]
        while let space = rest.firstIndex(where: isSpace) {
            rest = rest[(space + 1)...]
            if let name = encoding(at: rest) { return String(decoding: name, as: UTF8.self).lowercased() != "utf-8" }
        }
        return false
    }

    /// The value of the pseudo-attribute that begins here, when it is that of the encoding (XML 1.0 §4.3.3).
    private static func encoding(at start: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard start.starts(with: "encoding".utf8) else { return nil }
        var rest = start.dropFirst(8).drop(while: isSpace)
        guard rest.popFirst() == UInt8(ascii: "=") else { return nil }
        rest = rest.drop(while: isSpace)
        guard let first = rest.popFirst(), isQuote(first), let end = rest.firstIndex(where: isQuote) else { return nil }
        return rest[..<end]
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte <= 32 }
    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
}
