extension SwiftSource {
    /// `text` with every comment and the contents of every string literal turned into spaces.
    ///
    /// What is interpolated into a literal goes as well: it can hold no declaration.
    static func blanked(_ text: [Character]) -> [Character] {
        var out = text
        var offset = 0
        while offset < text.count {
            let end: Int
            if matches("//", in: text, at: offset) {
                end = text[offset...].firstIndex(of: "\n") ?? text.count
            } else if matches("/*", in: text, at: offset) {
                end = endOfComment(text, from: offset)
            } else if let literal = endOfLiteral(text, from: offset) {
                end = literal
            } else {
                offset += 1
                continue
            }
            for index in offset..<end where text[index] != "\n" { out[index] = " " }
            offset = end
        }
        return out
    }

    private static func matches(_ pattern: String, in text: [Character], at offset: Int) -> Bool {
        text[offset...].starts(with: pattern)
    }

    /// Block comments nest.
    private static func endOfComment(_ text: [Character], from start: Int) -> Int {
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
    private static func endOfLiteral(_ text: [Character], from start: Int) -> Int? {
        var offset = start
        while offset < text.count, text[offset] == "#" { offset += 1 }
        let marks = String(repeating: "#", count: offset - start)
        guard offset < text.count else { return nil }
        let quote: String
        if matches("\"\"\"", in: text, at: offset) {
            quote = "\"\"\""
        } else if text[offset] == "\"" {
            quote = "\""
        } else if !marks.isEmpty, text[offset] == "/" {
            quote = "/"
        } else {
            return nil
        }
        offset += quote.count
        while offset < text.count {
            if matches(quote + marks, in: text, at: offset) { return offset + quote.count + marks.count }
            if quote != "\"\"\"", text[offset] == "\n" { return offset }
            if matches("\\" + marks, in: text, at: offset) {
                offset += 1 + marks.count
                if offset < text.count, text[offset] == "(", quote != "/" {
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

    private static func endOfInterpolation(_ text: [Character], from start: Int) -> Int {
        var depth = 0
        var offset = start
        while offset < text.count {
            if let end = endOfLiteral(text, from: offset) {
                offset = end
                continue
            }
            if text[offset] == "(" { depth += 1 }
            if text[offset] == ")" { depth -= 1 }
            offset += 1
            if depth == 0 { return offset }
        }
        return text.count
    }
}
