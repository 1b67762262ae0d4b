import OverlaySimulator
import Primitives

/// Sessions of nodes, one a line: the node from 0, and the seconds at which it comes and goes.
enum TraceFile {
    private static let mostSessions = 10_000_000
    private static let mostSeconds = 31_536_000.0

    /// - Parameter nodes: how many the scenario has.
    /// - Throws: the first error, with its line.
    static func parse(_ bytes: [UInt8], name: String, nodes: Int) throws(ScenarioError) -> [ChurnPlan.Session] {
        var sessions: [ChurnPlan.Session] = []
        /// When each node's last session ended.
        var ends = [Interval](repeating: .zero, count: nodes)
        for line in TextLines(bytes, mostWords: 3) {
            func error(_ problem: String, remedy: String) -> ScenarioError {
                ScenarioError(.file(name, line: line.number, column: 1), problem, remedy: remedy)
            }
            guard sessions.count < mostSessions else {
                throw error("there are too many sessions", remedy: "write at most \(mostSessions)")
            }
            guard line.words.count == 3, let node = Int(line.words[0]), let from = interval(line.words[1]),
                let to = interval(line.words[2])
            else {
                throw error(
                    "this is not a session", remedy: "write NODE FROM TO, with times in seconds up to a year")
            }
            guard (0..<nodes).contains(node) else {
                throw error("there is no node \(node)", remedy: "the scenario has the nodes 0 to \(nodes - 1)")
            }
            guard from < to, from >= ends[node] else {
                throw error(
                    "the session ends before it begins, or begins before the node's last one ended",
                    remedy: "write each node's sessions in their order")
            }
            ends[node] = to
            sessions.append(ChurnPlan.Session(node: node, from: from, to: to))
        }
        guard !sessions.isEmpty else {
            throw ScenarioError(.file(name, line: 1, column: 1), "there is no session", remedy: "write one a line")
        }
        return sessions
    }

    private static func interval(_ text: Substring) -> Interval? {
        guard let seconds = DecimalText.number(text), (0...mostSeconds).contains(seconds) else { return nil }
        return DecimalText.interval(seconds, of: 1_000_000_000)
    }
}
