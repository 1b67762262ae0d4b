import Presence
import Primitives
import SIPMessages
import SIPStack
import Sessions

/// What the SIP side, the presence agent and the sessions report, in sentences.
extension OverlayNode {
    mutating func observe(_ observation: SIPObservation, into actions: inout [Action]) {
        let name = { (party: AddressOfRecord?) in party?.description ?? "somebody unknown" }
        switch observation {
        case .registered(let user, let contact, _):
            count("registered", .event, "\(user) registered, reachable at \(contact)", &actions)
        case .unregistered(let user, let contact, let reason):
            let text =
                reason == .removed
                ? "\(user) unregistered \(contact)"
                : "\(user) is not reachable at \(contact) any more: \(reason.rawValue)"
            count("unregistered", .event, text, &actions)
        case .callSetUp(let from, let to, _):
            count("call-set-up", .event, "call set up from \(name(from)) to \(name(to))", &actions)
        case .callEnded(let from, let to, _):
            count("call-ended", .event, "call ended between \(name(from)) and \(name(to))", &actions)
        case .messagePassed(let from, let to):
            count("message-passed", .event, "message passed from \(name(from)) to \(name(to))", &actions)
        case .authenticationFailed(let user, let remote):
            count("authentication-failed", .warning, "wrong credentials for \(name(user)) from \(remote)", &actions)
        case .malformed(let remote, let reason):
            count("sip-malformed", .debug, "\(remote) sent what is not SIP: \(reason)", &actions)
        case .sourceRefused(let remote):
            // One warning for each source; a phone that tries again and again would fill the log.
            let isNew =
                remote.address.map {
                    refusedSources.count < Self.maximumRefusedSources && refusedSources.insert($0).inserted
                } ?? false
            count(
                "source-refused", isNew ? .warning : .debug,
                "SIP requests from \(remote) are ignored: this node serves its own machine only; a gateway "
                    + "(--gateway) serves others", &actions)
        case .refused(let method, let status, let remote):
            count("request-refused", .debug, "\(method) from \(remote) was refused with \(status)", &actions)
        case .shed(let method, let remote):
            // One line for each would be more work still; the count says how many there were.
            let isFirst = counters["request-shed", default: 0] % 1_000 == 0
            count(
                "request-shed", isFirst ? .warning : .debug,
                "\(method) from \(remote) was turned away: there is too much to do", &actions)
        case .flooded(let remote):
            count(
                "source-limited", .warning,
                "\(remote) sends more SIP messages than one address may; those beyond are ignored", &actions)
        case .emergency(let remote, isRouted: true):
            count("emergency-call", .warning, "emergency call from \(remote) sent to the answering point", &actions)
        case .emergency(let remote, isRouted: false):
            count(
                "emergency-call", .warning,
                "EMERGENCY CALL from \(remote) COULD NOT BE SENT ANYWHERE: name the answering point with --emergency",
                &actions)
        case .undeliverable(let method, let remote):
            count("request-undeliverable", .debug, "\(method) could not be delivered to \(remote)", &actions)
        }
    }

    /// Another node that watches for its users is named as such, not by its URI.
    private static func name(ofWatcher watcher: String) -> String {
        guard let uri = SIPURI(watcher), let node = OverlayHost.node(named: uri.host) else { return watcher }
        return "node \(node)"
    }

    mutating func observe(_ observation: PresenceObservation, into actions: inout [Action]) {
        switch observation {
        case .published(let user, let basic, let note):
            let suffix = note.map { ", \"\($0)\"" } ?? ""
            count("published", .event, "\(user) published: \(basic.rawValue)\(suffix)", &actions)
        case .watching(let watcher, let presentity):
            count("watching", .event, "\(Self.name(ofWatcher: watcher)) is watching \(presentity)", &actions)
        case .decided(let watcher, let presentity, let handling, let rules):
            let cause = rules.isEmpty ? "no rule is about it" : "by rule \(rules.joined(separator: ", "))"
            count(
                "watcher-decided", .event,
                "\(Self.name(ofWatcher: watcher)) watching \(presentity): \(handling), \(cause)", &actions)
        case .stoppedWatching(let watcher, let presentity, let reason):
            count(
                "stopped-watching", .event,
                "\(Self.name(ofWatcher: watcher)) stopped watching \(presentity): \(reason.rawValue)", &actions)
        case .watcherDropped(let watcher, let presentity, let status):
            count(
                "watcher-dropped", .event,
                "\(Self.name(ofWatcher: watcher)) does not watch \(presentity) any more: NOTIFY failed with \(status)",
                &actions)
        case .refused(let method, let presentity, let status):
            count(
                "presence-refused", .debug,
                "\(method) for \(presentity?.description ?? "nobody known") was refused with \(status)", &actions)
        case .unreadable(let room, let reason):
            count("journal-unreadable", .warning, "stored state (\(room)) can't be read: \(reason)", &actions)
        }
    }

    mutating func observe(_ observation: SessionObservation, into actions: inout [Action]) {
        switch observation {
        case .dropped(let reason, let endpoint):
            if reason == .rateLimited { counters["datagram-limited", default: 0] += 1 }
            count("datagram-dropped", .debug, "dropped a datagram from \(endpoint): \(reason)", &actions)
        case .challenged: counters["challenged", default: 0] += 1
        case .handshakeFailed(let destination, let failure):
            count(
                "handshake-failed", .debug, "no session with \(destination.endpoint): \(failure.rawValue)", &actions)
        case .rekeyed: counters["rekeyed", default: 0] += 1
        case .restarted(let peer): count("peer-restarted", .debug, "\(peer) restarted", &actions)
        case .moved(let peer, let old): count("peer-moved", .debug, "\(peer) was at \(old) before", &actions)
        case .expired: counters["session-expired", default: 0] += 1
        case .retransmitted(_, let fragments): counters["fragments-retransmitted", default: 0] += UInt64(fragments)
        }
    }
}
