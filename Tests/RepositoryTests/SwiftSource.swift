/// A Swift file as far as the rules of this project need to understand it.
///
/// This is a reading of words and braces, not a parser: comments and the contents of string literals are blanked first,
/// so that neither can be mistaken for code.
struct SwiftSource {
    /// A declaration found in the file, with the line it begins on, counted from 1.
    struct Declaration: Hashable {
        var name: String
        var line: Int
    }

    /// A function, initializer or subscript with a body.
    struct Function: Hashable {
        var name: String
        var line: Int
        /// From its first line to its closing brace.
        var lineCount: Int
    }

    let path: String
    let lineCount: Int
    /// The text with comments and literals blanked; line breaks stand where they stood.
    private let code: [UInt8]
    private let lineOfOffset: [Int]

    init(path: String, text: String) {
        self.path = path
        code = Self.blanked(Array(text.utf8))
        var line = 1
        lineOfOffset = code.map { byte in
            defer { if byte == UInt8(ascii: "\n") { line += 1 } }
            return line
        }
        lineCount = line - 1
    }

    /// The modules named in `import` lines.
    var imports: [Declaration] {
        var found: [Declaration] = []
        let kinds: Set<String> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
        for (index, line) in String(decoding: code, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).enumerated() {
            guard line.contains("import") else { continue }
            // An attribute's argument, as in `@_spi(Name)`, may hold any word.
            var text = line.replacing(#/@\w+(\([^)]*\))?/#, with: "")
            if let semicolon = text.firstIndex(of: ";") { text = text[..<semicolon] }
            var words = text.split(whereSeparator: \.isWhitespace).map(String.init)
            let levels: Set<String> = ["public", "package", "internal", "private", "fileprivate"]
            if let first = words.first, levels.contains(first) { words.removeFirst() }
            guard words.first == "import" else { continue }
            words.removeFirst()
            if words.count > 1, kinds.contains(words[0]) { words.removeFirst() }
            guard let module = words.first?.split(separator: ".").first else { continue }
            found.append(Declaration(name: String(module), line: index + 1))
        }
        return found
    }

    /// The types declared outside of any other declaration, except those that only this file sees.
    var topLevelTypes: [Declaration] {
        let keywords: Set<String> = ["struct", "class", "enum", "actor", "protocol"]
        var found: [Declaration] = []
        var depth = 0
        var recent: [String] = []
        var offset = 0
        while offset < code.count {
            let character = code[offset]
            if Self.opening.contains(character) { depth += 1 }
            if Self.closing.contains(character) { depth -= 1 }
            guard Self.isWordPart(character) else {
                if Self.endingStatement.contains(character) { recent = [] }
                offset += 1
                continue
            }
            let (word, end) = self.word(at: offset)
            if depth == 0 {
                if let keyword = recent.last, keywords.contains(keyword), word != "func", word != "var" {
                    let isPrivate = recent.contains("private") || recent.contains("fileprivate")
                    if !isPrivate { found.append(Declaration(name: word, line: lineOfOffset[offset])) }
                    recent = []
                } else {
                    recent.append(word)
                    if recent.count > 6 { recent.removeFirst() }
                }
            }
            offset = end
        }
        return found
    }

    /// Every function, initializer and subscript that has a body.
    var functions: [Function] {
        var found: [Function] = []
        var offset = 0
        while offset < code.count {
            guard Self.isWordPart(code[offset]) else {
                offset += 1
                continue
            }
            let (word, end) = self.word(at: offset)
            let isMember =
                offset > 0 && (code[offset - 1] == UInt8(ascii: ".") || code[offset - 1] == UInt8(ascii: "`"))
            if !isMember, ["func", "init", "subscript"].contains(word), let body = bodyStart(after: end),
                let close = closing(from: body)
            {
                let name = word == "func" ? self.name(after: end) : word
                let count = lineOfOffset[close] - lineOfOffset[offset] + 1
                found.append(Function(name: name, line: lineOfOffset[offset], lineCount: count))
            }
            offset = end
        }
        return found
    }

    /// Where the body of the declaration begins whose keyword ends at `start`; nil when it has none.
    private func bodyStart(after start: Int) -> Int? {
        var depth = 0
        var sawParameters = false
        var offset = start
        while offset < code.count {
            switch Character(UnicodeScalar(code[offset])) {
            case "(", "[":
                depth += 1
                sawParameters = true
            case ")", "]": depth -= 1
            case "{" where depth == 0: return sawParameters ? offset : nil
            case "}" where depth == 0: return nil
            case "\n" where depth == 0 && sawParameters:
                if !continuesSignature(after: offset) { return nil }
            default: break
            }
            if depth < 0 { return nil }
            offset += 1
        }
        return nil
    }

    /// Whether the line after the break at `offset` still belongs to a signature.
    private func continuesSignature(after offset: Int) -> Bool {
        let space = UInt8(ascii: " ")
        let next = code[(offset + 1)...].drop { $0 == space }.prefix(8)
        let starts = ["{", "->", "throws", "rethrows", "async", "where"]
        if starts.contains(where: { next.starts(with: $0.utf8) }) { return true }
        return code[..<offset].last { $0 != space }.map(Array(",>&:".utf8).contains) ?? false
    }

    private func closing(from open: Int) -> Int? {
        var depth = 0
        for offset in open..<code.count {
            if code[offset] == UInt8(ascii: "{") { depth += 1 }
            if code[offset] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return offset }
            }
        }
        return nil
    }

    private func name(after start: Int) -> String {
        let rest = code[start...].drop { $0 == UInt8(ascii: " ") }
        return String(decoding: rest.prefix { !Array("(< \n".utf8).contains($0) }, as: UTF8.self)
    }

    private func word(at start: Int) -> (String, Int) {
        var end = start
        while end < code.count, Self.isWordPart(code[end]) { end += 1 }
        return (String(decoding: code[start..<end], as: UTF8.self), end)
    }

    private static let opening = Array("{([".utf8)
    private static let closing = Array("})]".utf8)
    private static let endingStatement = Array("{};".utf8)

    /// Letters, digits and the underscore; every character outside of ASCII counts as a letter.
    private static func isWordPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
