import OverlayNode

/// A node's replies in words and columns.
enum ReplyText {
    static func text(_ reply: Reply) -> String {
        switch reply {
        case .failed(let reason): reason
        case .done(let text): text
        case .status(let report): status(report)
        case .lookUp(let report): lookUp(report)
        case .presence(let report): PresenceText.state(report)
        case .presenceShown(let report): PresenceText.overview(report)
        case .subscriptions(let report): PresenceText.subscriptions(report)
        case .domains(let reports): domains(reports)
        case .users(let reports): users(reports)
        case .invitation(let secret, _): secret
        case .password(_, let password): password
        }
    }

    private static func domains(_ reports: [DomainReport]) -> String {
        guard !reports.isEmpty else { return "no domains; `starling domain create NAME` makes one" }
        let width = (reports.map(\.name.count).max() ?? 0) + 2
        return reports.map { report in
            let role = report.isGateway ? "gateway" : "member"
            return Output.padded(report.name, width) + Output.padded(role, 9)
                + Output.padded(counted(report.users, "user"), 12) + "key \(report.key)"
        }.joined(separator: "\n")
    }

    private static func users(_ reports: [UserReport]) -> String {
        guard !reports.isEmpty else { return "no users; `starling user add NAME@DOMAIN` adds one" }
        let width = (reports.map(\.addressOfRecord.count).max() ?? 0) + 2
        return reports.map { report in
            Output.padded(report.addressOfRecord, width)
                + "certificate \(report.serial), good until \(Output.date(report.notAfter))"
        }.joined(separator: "\n")
    }

    private static func status(_ report: StatusReport) -> String {
        let byKind: [(key: String, value: Int)] = report.recordsByKind.sorted { $0.key < $1.key }
        let records: [String] = byKind.map { "\($0.value) \($0.key)" }
        let domains: [String] = report.domains.map(\.name)
        let sip: [String] = [
            counted(report.registeredUsers, "registered user"), counted(report.transactions, "transaction"),
            counted(report.publications, "publication"), counted(report.subscriptions, "subscription"),
        ]
        var lines: [(String, String)] = []
        lines.append(("node", report.nodeID + (report.isGateway ? " (gateway)" : "")))
        lines.append(("overlay", "\(report.network) at \(report.overlayEndpoint)"))
        lines.append(("reachable", reachability(report)))
        lines.append(("SIP", listed(report.sipListeners)))
        lines.append(("running since", Output.date(report.startedAt)))
        lines.append(("domains", listed(domains)))
        lines.append(("other nodes", "\(report.contacts) known, \(report.sessions) in session"))
        lines.append(("routing table", listed(buckets(report.buckets))))
        lines.append(
            ("overlay's size", report.estimatedNodes.map { "about \(counted($0, "node"))" } ?? "not known yet"))
        lines.append(("requests", requests(report.traffic)))
        let kept = report.cachedResources > 0 ? "; copies of \(counted(report.cachedResources, "resource"))" : ""
        lines.append(("records held", "\(listed(records)); \(counted(report.recordBytes, "byte"))\(kept)"))
        lines.append(("watching", "\(report.watches) elsewhere; \(counted(report.leases, "lease")) given"))
        lines.append(("SIP state", listed(sip)))
        for (name, count) in report.counters.sorted(by: { $0.key < $1.key }) { lines.append((name, "\(count)")) }
        return columns(lines)
    }

    private static func reachability(_ report: StatusReport) -> String {
        let seen = report.observedEndpoint.map { ", seen at \($0)" } ?? ""
        switch report.reachability {
        case "full": return "by all" + seen
        case "client": return "only by nodes that it has spoken to (a client, which holds no records)" + seen
        default: return "not known yet" + seen
        }
    }

    /// Contacts in each bucket that has any.
    private static func buckets(_ counts: [Int]) -> [String] {
        counts.enumerated().filter { $0.element > 0 }.map { "\($0.element) in bucket \($0.offset)" }
    }

    private static func requests(_ report: TrafficReport) -> String {
        "\(rate(report.receivedPerSecond)) in, \(rate(report.sentPerSecond)) out; "
            + "\(report.received) and \(report.sent) in all, \(report.droppedByLimits) dropped by limits"
    }

    /// With one decimal, as in 12.3 a second.
    private static func rate(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) a second"
    }

    private static func lookUp(_ report: LookupReport) -> String {
        var lines: [(String, String)] = [("user", report.addressOfRecord)]
        if let certificate = report.certificate {
            let end = Output.date(certificate.notAfter)
            lines.append(
                ("certificate", "\(certificate.serial), good until \(end), of domain key \(certificate.domainKey)"))
        } else {
            lines.append(("certificate", "none"))
        }
        for registration in report.registrations {
            let contacts = registration.contacts.isEmpty ? "" : ": " + registration.contacts.joined(separator: ", ")
            let end = Output.date(registration.expires)
            let text = "at node \(registration.node) (\(registration.endpoint)) until \(end)\(contacts)"
            lines.append(("registered", text))
        }
        if report.registrations.isEmpty { lines.append(("registered", "nowhere")) }
        lines.append(("presence", report.presence.map(PresenceText.state) ?? "none"))
        for step in report.steps {
            let effort = "\(counted(step.hops, "hop")), \(counted(step.messages, "message"))"
            lines.append(
                ("lookup", "\(step.kind): \(step.found) found, \(effort), \(TraceText.milliseconds(step.milliseconds))")
            )
        }
        return ([columns(lines)] + report.steps.flatMap(TraceText.lines)).joined(separator: "\n")
    }

    static func listed(_ words: [String]) -> String {
        words.isEmpty ? "none" : words.joined(separator: ", ")
    }

    static func columns(_ lines: [(String, String)]) -> String {
        let width = (lines.map(\.0.count).max() ?? 0) + 2
        return lines.map { Output.padded($0.0, width) + $0.1 }.joined(separator: "\n")
    }

    static func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}
