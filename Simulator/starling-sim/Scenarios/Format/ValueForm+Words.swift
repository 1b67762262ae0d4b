extension ValueForm where Value: CaseIterable & RawRepresentable<String> & Sendable {
    /// One word of few.
    static var word: Self {
        let words = Value.allCases.map(\.rawValue)
        return ValueForm("one of \(words.joined(separator: ", "))") { value throws(ValueProblem) in
            guard case .text(let text) = value.content, let word = Value(rawValue: text) else {
                throw ValueProblem(value, isNot: "among the words that are known here")
            }
            return word
        } write: {
            $0.rawValue
        }
    }
}

extension ValueForm where Value == String {
    /// Words for people.
    static func text(most: Int) -> Self {
        ValueForm("a line of text, at most \(most) letters") { value throws(ValueProblem) in
            guard case .text(let text) = value.content else { throw ValueProblem(value, isNot: "a line of text") }
            guard text.count <= most, text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
                throw ValueProblem(value, "it is too long or has line breaks in it")
            }
            return text
        } write: {
            $0.isEmpty ? "none" : $0
        }
    }
}

extension ValueForm where Value == NamedFile {
    /// A path of a file.
    static var file: Self {
        ValueForm("a path of a file", example: "latency/rtt.txt") { value throws(ValueProblem) in
            guard case .text(let text) = value.content, !text.isEmpty, !text.utf8.contains(0) else {
                throw ValueProblem(value, isNot: "a path")
            }
            return NamedFile(path: text, place: value.place)
        } write: {
            $0.path
        }
    }
}
