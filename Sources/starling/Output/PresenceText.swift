import OverlayNode

/// Replies about event packages in words and columns.
enum PresenceText {
    static func state(_ report: PresenceReport) -> String {
        let state = report.isOpen ? "open" : "closed"
        let notes = report.notes.isEmpty ? "" : ": " + report.notes.joined(separator: "; ")
        return "\(report.addressOfRecord) is \(state)\(notes)"
    }

    static func overview(_ report: PresenceOverviewReport) -> String {
        let publications = report.publications.map { "\($0.package), until \(Output.date($0.expires))" }
        let sources = report.sources.map { source in
            let says = source.hasState ? "says something" : "says nothing"
            return "\(source.node.prefix(12)) \(says)\(source.isReachable ? "" : ", out of reach")"
        }
        let lines = [
            ("user", report.addressOfRecord), ("phones", ReplyText.listed(report.contacts)),
            ("publications", ReplyText.listed(publications)), ("other nodes", ReplyText.listed(sources)),
            ("presence", report.presence.map(state) ?? "not known here"), ("rules", report.hasRules ? "yes" : "none"),
        ]
        return ReplyText.columns(lines) + "\n\n" + subscriptions(report.subscriptions)
    }

    static func subscriptions(_ report: SubscriptionsReport) -> String {
        guard !report.subscriptions.isEmpty else { return "no subscriptions" }
        let rows = report.subscriptions.map(row)
        let widths = rows[0].indices.map { column in (rows.map { $0[column].count }.max() ?? 0) + 2 }
        var lines = rows.map { row in
            "  " + zip(row, widths).map(Output.padded).joined().replacing(#/ +$/#, with: "")
        }
        let left = report.total - report.subscriptions.count
        if left > 0 { lines.append("  and \(left) more") }
        return lines.joined(separator: "\n")
    }

    private static func row(_ report: SubscriptionReport) -> [String] {
        let list = report.members.map { " (list of \($0))" } ?? ""
        return [
            "\(report.number)", report.watcher, "\(report.package) to \(report.presentity)\(list)", report.status,
            reason(report),
        ]
    }

    private static func reason(_ report: SubscriptionReport) -> String {
        guard let handling = report.handling else { return "not decided yet" }
        let cause =
            switch report.rules.count {
            case 0: "by default"
            case 1: "by rule \(report.rules[0])"
            default: "by rules \(report.rules.joined(separator: ", "))"
            }
        let isPartial = handling == "allow" && !report.seesEverything
        let failures = report.failures > 0 ? ", \(ReplyText.counted(report.failures, "failed NOTIFY"))" : ""
        return "\(handling) \(cause)\(isPartial ? ", not everything" : "")\(failures)"
    }
}
