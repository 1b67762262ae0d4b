/// A text file line by line, each parted into words.
struct TextLines: Sequence, IteratorProtocol {
    /// A line that has words.
    struct Line {
        /// From 1.
        var number: Int
        var words: [Substring]
    }

    private var rest: Substring.UTF8View.SubSequence
    private var number = 0
    /// Further words of a line are not of interest to anybody.
    private let mostWords: Int

    /// - Parameter bytes: those that are not UTF-8 become U+FFFD, which no number has.
    init(_ bytes: [UInt8], mostWords: Int) {
        rest = Substring(String(decoding: bytes, as: UTF8.self)).utf8[...]
        self.mostWords = mostWords
    }

    /// The next line that has words: those between spaces, tabs and commas, up to a `#`.
    mutating func next() -> Line? {
        while !rest.isEmpty {
            number += 1
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end].prefix { $0 != UInt8(ascii: "#") }
            rest = end == rest.endIndex ? rest[end...] : rest[rest.index(after: end)...]
            let words = line.split(maxSplits: mostWords, omittingEmptySubsequences: true) {
                $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: ",")
                    || $0 == UInt8(ascii: "\r")
            }
            if !words.isEmpty { return Line(number: number, words: words.map { Substring($0) }) }
        }
        return nil
    }
}
