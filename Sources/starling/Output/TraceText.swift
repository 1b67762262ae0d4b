import OverlayNode

/// The steps of a traced lookup, one on a line.
enum TraceText {
    /// A heading and the steps; empty when the lookup was not traced.
    static func lines(_ lookup: LookupReport.Step) -> [String] {
        guard let steps = lookup.trace, let target = lookup.target else { return [] }
        let heading = "\(lookup.kind): looking for \(target)"
        let rows = steps.map(cells)
        let widths = (0..<5).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return [heading]
            + rows.map { row in
                "  " + (0..<5).map { Output.padded(row[$0], widths[$0] + 2) }.joined() + row[5]
            }
    }

    /// When, whom, where, how far off, how long, what.
    private static func cells(_ step: LookupStepReport) -> [String] {
        // The first characters tell nodes apart; JSON has them all.
        let node = step.endpoint == nil ? "this node" : String(step.node.prefix(12))
        let bits = "\(step.sharedBits) bit\(step.sharedBits == 1 ? "" : "s")"
        let bucket = step.bucket.map { ", bucket \($0), hop \(step.hop)" } ?? ""
        return [
            "+\(milliseconds(step.after))", node, step.endpoint ?? "", bits + bucket,
            step.roundTrip.map { milliseconds($0) } ?? "", answer(step),
        ]
    }

    private static func answer(_ step: LookupStepReport) -> String {
        let slow = step.isSlow ? ", slow" : ""
        switch step.ending {
        case "open": return "no answer yet when the lookup was over" + slow
        case "failed": return "no answer"
        case "refused": return "an answer that is not valid"
        default:
            let word = step.areCopies ? "copies, stored elsewhere" : step.records == 1 ? "record" : "records"
            let page = step.isFurtherPage ? " (further page)" : ""
            let found = "\(step.records) \(word)\(page)"
            return step.endpoint == nil ? found : found + ", \(step.closer) contacts" + slow
        }
    }

    /// With one decimal, as in 12.3 ms.
    static func milliseconds(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}
