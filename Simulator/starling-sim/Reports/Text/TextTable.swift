/// A table for the console: columns as wide as what stands in them.
struct TextTable {
    enum Alignment { case left, right }

    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// - Parameter alignments: one for each column.
    init(_ alignments: [Alignment]) { self.alignments = alignments }

    /// - Parameter cells: at most one for each column; those that are missing at the end are empty.
    mutating func add(_ cells: [String]) {
        precondition(cells.count <= alignments.count, "a row has more cells than the table has columns")
        rows.append(cells + Array(repeating: "", count: alignments.count - cells.count))
    }

    /// The rows, without spaces at their ends.
    var lines: [String] {
        let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                if column > 0, widths[column] > 0 { line += "  " }
                line += alignments[column] == .left ? cell + space : space + cell
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}
