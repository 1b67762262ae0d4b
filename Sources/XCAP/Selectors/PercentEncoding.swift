import Primitives

/// Percent-encoding of URI components (RFC 3986 §2.1).
enum PercentEncoding {
    /// The text that `encoded` stands for; nil when an escape is cut short or what comes out is not UTF-8.
    static func decode(_ encoded: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(encoded.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let first = rest.popFirst(), let high = Hex.value(of: first), let second = rest.popFirst(),
                let low = Hex.value(of: second)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// `text` as it can stand in a path: everything but the characters of `pchar` (RFC 3986 §3.3) is escaped.
    static func encode(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            if isPathCharacter(byte) {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                out += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return out
    }

    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=:@".utf8.contains(byte)
        }
    }
}
