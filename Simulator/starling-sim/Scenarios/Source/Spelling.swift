/// Finds the word that was probably meant.
enum Spelling {
    /// Longer words are compared by their beginnings alone.
    private static let mostLetters = 64

    /// The nearest of `known`, when no more than a third of its letters and three are wrong.
    static func nearest(to word: String, among known: [String]) -> String? {
        let letters = Array(word.lowercased().utf8.prefix(mostLetters))
        return known.map { ($0, distance(Array($0.utf8), letters)) }
            .filter { $0.1 <= min(3, $0.0.utf8.count / 3) }
            .min { $0.1 < $1.1 }?.0
    }

    /// How many letters must be put in, taken out or changed to get from one word to the other (Levenshtein).
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(row[j] + 1, above + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}
