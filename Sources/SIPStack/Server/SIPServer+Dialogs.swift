import Primitives
import SIPMessages

/// Whether a request belongs to a dialog that was set up by way of this server.
extension SIPServer {
    /// Whether the sealed Route of a request stands for a check of who sends it.
    ///
    /// A dialog that came by here proves it by its Route, and whoever set it up was admitted then. But anybody can have
    /// set one up with a user of ours. So the Route counts only within a dialog (RFC 3261 §12.2.1.1: To has a tag), on
    /// the way to the ends of that dialog; and who says to be a user of ours must send it by the flow of that user's
    /// registration, or else give the password.
    func isOfDialog(
        _ request: SIPMessage, on flow: Flow, destination: Destination, token: RouteToken?, at now: Instant
    ) -> Bool {
        guard let token, leads(request, to: destination, by: token, at: now) else { return false }
        if flow.transport == .overlay || isTrusted(flow) || token.isEmergency { return true }
        guard let from = try? request.from else { return false }
        return !router.domains.contains(from.uri.host.lowercased())
            || isRegistered(from.uri.addressOfRecord, on: flow, at: now)
    }

    /// Whether the ACK to a 2xx is passed on. It is nobody's to challenge (RFC 3261 §22.1), and callers who gave their
    /// password with the INVITE need not be registered: the dialog's Route is enough to reach the dialog's ends.
    func mayAcknowledge(_ routed: Router.Routed, on flow: Flow, destination: Destination, at now: Instant) -> Bool {
        if isTrusted(flow), flow.transport != .overlay { return true }
        guard let token = routed.token else { return false }
        if leads(routed.request, to: destination, by: token, at: now) { return true }
        // A peer that answers from another host than it was called at: for registered users that is good enough.
        let from = (try? routed.request.from)?.uri.addressOfRecord
        return (try? routed.request.to.tag) != nil && isRegistered(from, on: flow, at: now)
    }

    /// Whether a request within a dialog stays with its ends, or goes to a user who is registered here, wherever that
    /// is by now.
    private func leads(
        _ request: SIPMessage, to destination: Destination, by token: RouteToken, at now: Instant
    ) -> Bool {
        guard (try? request.to.tag) != nil else { return false }
        // The contact of one end may be a GRUU of a user of ours (RFC 5627 §4.2).
        if !request.contains(.route), let uri = request.requestURI, contact(at: uri, now: now) != nil { return true }
        guard case .direct(let target) = destination else { return false }
        if !request.contains(.route), registrar.binding(at: target.requestURI, now: now) != nil { return true }
        return router.isWithinDialog(request, to: target, token: token)
    }

    /// Whether the flow is one that the user has registered by.
    private func isRegistered(_ user: AddressOfRecord?, on flow: Flow, at now: Instant) -> Bool {
        guard let user else { return false }
        return registrar.bindings(of: user, at: now).contains { binding in
            binding.isFlowOpen && binding.flow.transport == flow.transport && binding.flow.remote == flow.remote
                && binding.flow.connection == flow.connection
        }
    }
}
