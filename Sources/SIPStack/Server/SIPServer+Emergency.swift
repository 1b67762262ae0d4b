import Primitives
import SIPMessages

/// Calls for help (RFC 5031): they go ahead of everything, and nobody is asked who they are.
extension SIPServer {
    /// What may be sent to an answering point besides what belongs to its dialogs.
    private static let emergencyMethods: Set<SIPMethod> = [.invite, .message, .options]

    /// Sends a request for `urn:service:sos` to the configured answering point.
    ///
    /// A URI with `lr` is a proxy that finds the answering point itself: the service name stays in the Request-URI and
    /// the URI goes into Route (RFC 6881 §8). Any other URI is the answering point, and takes the place of the name.
    mutating func callForHelp(
        _ request: SIPMessage, received: SIPMessage, as id: ServerTransactionID, on flow: Flow, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let method = request.method, Self.emergencyMethods.contains(method) else {
            let headers = [
                (HeaderName.allow, Self.emergencyMethods.map(\.description).sorted().joined(separator: ", "))
            ]
            return answer(id, request.response(405, toTag: random.token(12), headers: headers), at: now)
        }
        actions.append(.observe(.emergency(from: flow.remote, isRouted: configuration.emergency != nil)))
        guard let point = configuration.emergency else {
            // RFC 3261 §20.43: 399 for a warning that has no code of its own.
            let headers = [(HeaderName.warning, "399 starling \"No emergency answering point is configured here\"")]
            return answer(id, request.response(404, toTag: random.token(12), headers: headers), at: now)
        }
        // Whoever is in need goes on to send within the call.
        if let address = flow.remote.address { sources?.noteProof(from: address, at: now) }
        // The caller's own Route says what way it found; the one that is configured counts.
        var routed = request.editing { $0.removeAll(.route) }
        let destination: Destination
        if point.isLooseRouter, let service = request.requestURI {
            destination = .direct(Target(requestURI: service, nextHop: nil, route: ["<\(point)>"]))
        } else {
            routed = routed.editing { $0.setRequestURI(point) }
            destination = self.destination(of: routed, uri: point, token: nil, arrival: flow, at: now)
        }
        forward(
            routed, received: received, as: id, on: flow, to: destination, isEmergency: true, at: now, into: &actions)
    }
}
