import Primitives
import SIPMessages

/// Requests to a GRUU (RFC 5627 §6.1).
extension SIPServer {
    /// The bindings of the device that a GRUU names, the best first.
    func bindings(of gruu: GRUU, at now: Instant) -> [Binding] {
        switch gruu {
        case .device(let aor, let instance):
            Binding.byUse(registrar.bindings(of: aor, at: now)).filter { $0.instance == instance }
        case .temporary(let aor, let epoch):
            Binding.byUse(registrar.bindings(of: aor, at: now)).filter { $0.epoch == epoch }
        case .elsewhere, .invalid: []
        }
    }

    /// RFC 5627 §6.1: a GRUU is dealt with as the address of record is, with the contacts of its device alone. 404 for one
    /// that is not valid, which a temporary one is only while the device is registered; 480 where a public one has no
    /// contact at the time.
    func locate(
        _ gruu: GRUU, _ uri: SIPURI, isOwn: Bool, isFromNode: Bool, for proxied: inout ProxyRequest, at now: Instant
    ) {
        proxied.targets = bindings(of: gruu, at: now).map(\.target)
        proxied.emptyStatus = 404
        switch gruu {
        case .device(let aor, let instance):
            proxied.device = instance
            // Within a dialog the device is where it was, if it is here.
            let isFound = !proxied.targets.isEmpty && (try? proxied.request.to.tag) != nil
            proxied.lookUp = isFromNode || isFound ? nil : aor
            if isFromNode {
                proxied.emptyStatus = 430
            } else if !isOwn || authenticator.isKnown(aor) {
                proxied.emptyStatus = 480
            }
        case .elsewhere(let node) where !isFromNode:
            proxied.targets = [Target(requestURI: uri, nextHop: .node(node))]
        case .temporary, .elsewhere, .invalid: break
        }
    }

    /// Where the ACK to a 2xx goes: it is not forked, and nobody is asked for more contacts.
    func acknowledged(_ ack: SIPMessage, _ destination: Destination, at now: Instant) -> Target? {
        switch destination {
        case .direct(let target): target
        case .user: ack.requestURI.flatMap { contact(at: $0, now: now)?.target }
        case .own, .unknown: nil
        }
    }

    /// The contact that a request within a dialog goes to when it names a GRUU of a device that is registered here.
    func contact(at uri: SIPURI, now: Instant) -> Binding? {
        router.gruu(at: uri).flatMap { bindings(of: $0, at: now).first }
    }
}
