/// The value of an attribute as it is written, quotes included: `AttValue` of XML 1.0 §2.3.
enum AttributeLiteral {
    /// What a literal stands for.
    ///
    /// - Returns: nil when it is none: not in quotes, or with a `<` or its own quote in it, or with an `&` that is no
    ///   reference to a character or to one of XML's five entities (there can be no others without a document type).
    static func value(of literal: Substring) -> String? {
        guard let quote = literal.utf8.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            literal.utf8.count >= 2, literal.utf8.last == quote
        else { return nil }
        let content = literal.utf8.dropFirst().dropLast()
        guard content.allSatisfy({ $0 != quote && $0 != UInt8(ascii: "<") }) else { return nil }
        return resolved(String(Substring(content)))
    }

    /// References replaced, and white space that is not a reference made spaces (XML 1.0 §3.3.3); a line's end is one
    /// character, however it is written (§2.11).
    private static func resolved(_ content: String) -> String? {
        var out = String.UnicodeScalarView()
        var rest = content.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "&":
                // The longest reference that means anything is `&#x10FFFF;`, give or take leading zeros.
                guard let end = rest.prefix(16).firstIndex(of: ";"), let named = character(rest[..<end]) else {
                    return nil
                }
                out.append(named)
                rest = rest[rest.index(after: end)...]
            case "\r":
                if rest.first == "\n" { rest.removeFirst() }
                out.append(" ")
            case "\t", "\n": out.append(" ")
            case _ where isAllowed(scalar): out.append(scalar)
            default: return nil
            }
        }
        return String(out)
    }

    private static func character(_ reference: Substring.UnicodeScalarView) -> Unicode.Scalar? {
        let name = String(reference)
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard name.hasPrefix("#"), !name.contains("+"), !name.contains("-") else { return nil }
        let digits = name.dropFirst()
        let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init).flatMap { isAllowed($0) ? $0 : nil }
    }

    /// `Char` of XML 1.0 §2.2.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
