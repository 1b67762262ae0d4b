/// quoted-string of RFC 3261 §25.1: what a quote or a backslash inside one is preceded by is a backslash.
package enum QuotedString {
    /// `text` between quotes.
    package static func quoted(_ text: some StringProtocol) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            // A quoted-pair can't hold a line end, and a bare one would end the header field.
            if scalar == "\r" || scalar == "\n" {
                out += " "
                continue
            }
            if scalar == "\"" || scalar == "\\" { out += "\\" }
            out.unicodeScalars.append(scalar)
        }
        return out + "\""
    }

    /// What stands between the quotes of `text`, escapes undone; `text` itself when it has no quotes.
    package static func unquoted(_ text: String) -> String {
        let bytes = text.utf8
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else { return text }
        let inner = bytes.dropFirst().dropLast()
        guard inner.contains(UInt8(ascii: "\\")) else { return String(Substring(inner)) }
        var out: [UInt8] = []
        out.reserveCapacity(inner.count)
        var isEscaped = false
        for byte in inner {
            if byte == UInt8(ascii: "\\") && !isEscaped {
                isEscaped = true
            } else {
                out.append(byte)
                isEscaped = false
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
