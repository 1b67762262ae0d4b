/// Escaping by "%" and two hexadecimal digits (RFC 3261 §19.1.2, RFC 3986 §2.1).
package enum PercentEncoding {
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || "-_.!~*'()".utf8.contains(byte)
    }

    /// user = 1*( unreserved / escaped / user-unreserved ) (RFC 3261 §25.1)
    private static func mayStandInUser(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || "&=+$,;?/".utf8.contains(byte)
    }

    /// Whether every "%" begins an escape.
    static func isSound(_ bytes: ArraySlice<UInt8>) -> Bool {
        var at = bytes.startIndex
        while let percent = bytes[at...].firstIndex(of: UInt8(ascii: "%")) {
            guard percent + 2 < bytes.endIndex, ASCII.hexadecimal(bytes[percent + 1]) != nil,
                ASCII.hexadecimal(bytes[percent + 2]) != nil
            else { return false }
            at = percent + 3
        }
        return true
    }

    /// All escapes undone; bytes that are not UTF-8 then are replaced.
    package static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var out: [UInt8] = []
        each(text) { byte, _ in out.append(byte) }
        return String(decoding: out, as: UTF8.self)
    }

    /// One spelling for a user part, in which every escape is undone (RFC 3261 §10.3 step 5) but those of control
    /// characters, space, "@" and "%", without which two users would become one or a name could not be written down.
    /// Where the result would not be UTF-8, no byte above 127 is unescaped.
    static func canonicalUser(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var out: [UInt8] = []
        var plain: [UInt8] = []
        each(text) { byte, wasEscaped in
            let isKept =
                wasEscaped && (byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "%"))
            if isKept { escape(byte, into: &out) } else { out.append(byte) }
            if isKept || byte > 0x7F { escape(byte, into: &plain) } else { plain.append(byte) }
        }
        return String(validating: out, as: UTF8.self) ?? String(decoding: plain, as: UTF8.self)
    }

    /// `text`, whose escapes are taken as such, with an escape for everything that may not stand in a user part.
    static func user(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            if mayStandInUser(byte) || byte == UInt8(ascii: "%") { out.append(byte) } else { escape(byte, into: &out) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// `text` as the value of a URI's parameter: pvalue = 1*( param-unreserved / unreserved / escaped ) (RFC 3261 §25.1).
    package static func parameter(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) || "[]/:&+$".utf8.contains(byte) {
                out.append(byte)
            } else {
                escape(byte, into: &out)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func escape(_ byte: UInt8, into out: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static func each(_ text: String, _ body: (UInt8, _ wasEscaped: Bool) -> Void) {
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count, let high = ASCII.hexadecimal(bytes[at + 1]),
                let low = ASCII.hexadecimal(bytes[at + 2])
            {
                body(high << 4 | low, true)
                at += 3
            } else {
                body(bytes[at], false)
                at += 1
            }
        }
    }
}
