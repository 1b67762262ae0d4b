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
        let text = String(decoding: bytes[range], as: UTF8.self)
        guard let match = text.firstMatch(of: #/\sencoding\s*=\s*["']([^"']*)["']/#) else { return false }
        return match.1.lowercased() != "utf-8"
    }
}
