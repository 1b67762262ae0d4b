import Primitives
import SIPMessages

/// Requests within dialogs and what is answered to them.
extension DialogTracker {
    /// A dialog by its call and position, and who of the two sent a request within it.
    private struct Place {
        var call: TrackedCall
        var position: Int
        var isFromCaller: Bool
    }

    /// The dialog that a request, or the response to one, belongs to (RFC 3261 §12.2.2).
    private func place(of message: SIPMessage) -> Place? {
        guard let callID = try? message.callID, let from = (try? message.from)?.tag, let to = (try? message.to)?.tag
        else {
            return nil
        }
        for (caller, callee) in [(from, to), (to, from)] {
            guard let call = calls[TrackedCall.Key(callID: callID, callerTag: caller)],
                let position = call.legs.firstIndex(where: { $0.tag == callee })
            else { continue }
            return Place(call: call, position: position, isFromCaller: caller == from)
        }
        return nil
    }

    /// RFC 3261 §15.1: with the BYE the session is over, whatever is answered.
    mutating func ended(by bye: SIPMessage, at now: Instant, _ actions: inout [Action]) {
        end(bye, at: now, &actions) { .bye(byCaller: $0) }
    }

    /// RFC 4235 §3.7.1: a request within the dialog without an answer ends it.
    mutating func unanswered(_ request: SIPMessage, at now: Instant, _ actions: inout [Action]) {
        guard let method = request.method, Self.isOfSession(method) else { return }
        end(request, at: now, &actions) { _ in .timeout }
    }

    /// What was answered to a request within a dialog.
    mutating func answered(
        _ response: SIPMessage, to method: SIPMethod, _ status: Int, at now: Instant, _ actions: inout [Action]
    ) {
        guard Self.isOfSession(method) else { return }
        switch status {
        // RFC 4235 §3.7.1, RFC 5057 §5.1: the peer knows nothing of the dialog any more.
        case 408, 481: end(response, at: now, &actions) { _ in .failed(status) }
        // RFC 4028 §8.2: each 2xx sets the end of the session anew.
        case 200..<300:
            guard var place = place(of: response), place.call.legs[place.position].state == .confirmed else { return }
            refresh(&place.call.legs[place.position], by: response, at: now)
            settle(place.call, at: now, isNews: false, &actions)
        default: break
        }
    }

    /// Whether a request belongs to the session and to nothing else that a dialog may be used for (RFC 5057 §3): the end
    /// of a subscription within a dialog leaves the call as it is.
    private static func isOfSession(_ method: SIPMethod) -> Bool { method == .invite || method == .update }

    private mutating func end(
        _ message: SIPMessage, at now: Instant, _ actions: inout [Action],
        by ending: (_ isFromCaller: Bool) -> TrackedLeg.Ending
    ) {
        guard var place = place(of: message), place.call.legs[place.position].isLive else { return }
        place.call.legs[place.position].end(ending(place.isFromCaller))
        settle(place.call, at: now, &actions)
    }

    /// How long a session lasts that a 2xx has made or refreshed.
    func refresh(_ leg: inout TrackedLeg, by response: SIPMessage, at now: Instant) {
        // RFC 4028 §8.2: the session interval in the 2xx counts from when it passes. Without one there is no timer.
        if let seconds = response.sessionExpires, .seconds(seconds) < limits.maximumCallTime {
            leg.hasSessionTimer = true
            leg.expires = now + .seconds(seconds) + limits.sessionGrace
        } else {
            leg.hasSessionTimer = false
            leg.expires = now + limits.maximumCallTime
        }
    }
}
