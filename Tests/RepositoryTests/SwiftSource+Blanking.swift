extension SwiftSource {
    private static let newline = UInt8(ascii: "\n")
    private static let beginnings = Array("/\"#".utf8)
    private static let threeQuotes = Array("\"\"\"".utf8)

    /// `text` with every comment and the contents of every string literal turned into spaces.
    ///
    /// What is interpolated into a literal goes as well: it can hold no declaration.
    static func blanked(_ text: [UInt8]) -> [UInt8] {
        var out = text
        var offset = 0
        while offset < text.count {
            // Nothing else begins a comment or a literal.
            guard beginnings.contains(text[offset]) else {
                offset += 1
                continue
            }
            let end: Int
            if matches("//", in: text, at: offset) {
                end = text[offset...].firstIndex(of: newline) ?? text.count
            } else if matches("/*", in: text, at: offset) {
                end = endOfComment(text, from: offset)
            } else if let literal = endOfLiteral(text, from: offset) {
                end = literal
            } else {
                offset += 1
                continue
            }
            for index in offset..<end where text[index] != newline { out[index] = UInt8(ascii: " ") }
            offset = end
        }
        return out
    }

    private static func matches(_ pattern: StaticString, in text: [UInt8], at offset: Int) -> Bool {
        pattern.withUTF8Buffer { matches(Array($0), in: text, at: offset) }
    }

    private static func matches(_ pattern: [UInt8], in text: [UInt8], at offset: Int) -> Bool {
        guard let first = pattern.first, text[offset] == first else { return false }
        return text[offset...].starts(with: pattern)
    }

    /// Block comments nest.
    private static func endOfComment(_ text: [UInt8], from start: Int) -> Int {
        var depth = 0
        var offset = start
        while offset < text.count {
            if matches("/*", in: text, at: offset) {
                depth += 1
                offset += 2
            } else if matches("*/", in: text, at: offset) {
                depth -= 1
                offset += 2
                if depth == 0 { return offset }
            } else {
                offset += 1
            }
        }
        return text.count
    }

    /// Where the literal that begins at `start` ends, quotes and number signs included; nil when none begins there.
    ///
    /// A string inside an interpolation is skipped with its own quotes. Regular expression literals between number
    /// signs and slashes count as well.
    private static func endOfLiteral(_ text: [UInt8], from start: Int) -> Int? {
        var offset = start
        while offset < text.count, text[offset] == UInt8(ascii: "#") { offset += 1 }
        let marks = [UInt8](repeating: UInt8(ascii: "#"), count: offset - start)
        guard offset < text.count else { return nil }
        let quote: [UInt8]
        if matches("\"\"\"", in: text, at: offset) {
            quote = threeQuotes
        } else if text[offset] == UInt8(ascii: "\"") {
            quote = [text[offset]]
        } else if !marks.isEmpty, text[offset] == UInt8(ascii: "/") {
            quote = [text[offset]]
        } else {
            return nil
        }
        offset += quote.count
        while offset < text.count {
            if matches(quote + marks, in: text, at: offset) { return offset + quote.count + marks.count }
            if quote != threeQuotes, text[offset] == newline { return offset }
            if matches([UInt8(ascii: "\\")] + marks, in: text, at: offset) {
                offset += 1 + marks.count
                if offset < text.count, text[offset] == UInt8(ascii: "("), quote != [UInt8(ascii: "/")] {
                    offset = endOfInterpolation(text, from: offset)
                } else {
                    offset += 1
                }
            } else {
                offset += 1
            }
        }
        return text.count
    }

    private static func endOfInterpolation(_ text: [UInt8], from start: Int) -> Int {
        var depth = 0
        var offset = start
        while offset < text.count {
            if let end = endOfLiteral(text, from: offset) {
                offset = end
                continue
            }
            if text[offset] == UInt8(ascii: "(") { depth += 1 }
            if text[offset] == UInt8(ascii: ")") { depth -= 1 }
            offset += 1
            if depth == 0 { return offset }
        }
        return text.count
    }
}
