/// A square matrix of round-trip times in milliseconds, one row a line.
enum MatrixFile {
    private static let mostRows = 4_096
    private static let mostMilliseconds = 60_000.0

    /// - Throws: the first error, with its line.
    static func parse(_ bytes: [UInt8], name: String) throws(ScenarioError) -> [[Float]] {
        var rows: [[Float]] = []
        for line in TextLines(bytes, mostWords: mostRows + 1) {
            func error(_ problem: String) -> ScenarioError {
                ScenarioError(
                    .file(name, line: line.number, column: 1), problem,
                    remedy: "a matrix has at most \(mostRows) rows of as many milliseconds each, 0 to 60000")
            }
            guard rows.count < mostRows else { throw error("there are too many rows") }
            if let first = rows.first, first.count != line.words.count {
                throw error("this row has \(line.words.count) numbers, the first one \(first.count)")
            }
            var row: [Float] = []
            row.reserveCapacity(line.words.count)
            for word in line.words {
                guard let value = DecimalText.number(word), (0...mostMilliseconds).contains(value) else {
                    throw error("\"\(word.prefix(32))\" is not a round-trip time")
                }
                row.append(Float(value))
            }
            rows.append(row)
        }
        guard rows.count >= 2, rows.count == rows[0].count else {
            throw ScenarioError(
                .file(name, line: 1, column: 1), "there are \(rows.count) rows of \(rows.first?.count ?? 0) numbers",
                remedy: "a matrix is square and has two rows at least")
        }
        return rows
    }
}
