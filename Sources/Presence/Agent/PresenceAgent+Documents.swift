import Primitives
import SIPMessages

/// Subscriptions to changes of a user's XCAP documents (RFC 5875 §4).
extension PresenceAgent {
    /// Takes what a SUBSCRIBE says of the documents it is for.
    ///
    /// - Returns: whether that is something else than before; nil when the request was turned away for it.
    mutating func selectsDocuments(
        _ message: SIPMessage, _ event: EventHeader, _ subscription: inout Subscription, from origin: Origin,
        _ actions: inout [Action]
    ) throws(SIPParseError) -> Bool? {
        guard subscription.package == .documents else { return false }
        let request: XCAPDiffRequest?
        if message.body.isEmpty {
            request = nil
        } else {
            // RFC 5875 §4.4: a resource list. RFC 3261 §21.4.13: 415 says which types and codings would do.
            guard try message.contentType?.essence == ResourceLists.contentType else {
                refuse(message, 415, headers: [(.accept, ResourceLists.contentType)], from: origin, &actions)
                return nil
            }
            guard try message.contentEncoding.allSatisfy({ $0.lowercased() == "identity" }) else {
                refuse(message, 415, headers: [(.acceptEncoding, "identity")], from: origin, &actions)
                return nil
            }
            do {
                request = try XCAPDiffRequest(parsing: Array(message.body))
            } catch {
                throw SIPParseError("The list can't be used: \(error)")
            }
        }
        let mode = XCAPDiffMode(parameter: event.parameters["diff-processing"])
        if subscription.documents != nil { return subscription.documents!.refresh(request, mode) }
        guard let request else { throw SIPParseError("A list of documents is needed") }
        subscription.documents = XCAPDiffSubscription(request, mode)
        return true
    }

    /// Asks for what a subscription selected.
    func followDocuments(of subscription: Subscription, _ number: UInt64, _ actions: inout [Action]) {
        guard let documents = subscription.documents else { return }
        actions.append(.followDocuments(number, of: subscription.presentity, documents.request.uris))
    }

    /// What a subscription selected is known, or has changed.
    mutating func take(
        _ resources: [XCAPResource], unknown: Set<String>, for number: UInt64, at now: Instant,
        _ actions: inout [Action]
    ) {
        guard let known = subscriptions[number]?.documents else { return }
        subscriptions[number]!.documents!.take(resources, unknown: unknown)
        if !known.isKnown {
            subscriptions[number]!.tellAll()
            needsNotify(number, at: now, &actions)
        } else if subscriptions[number]!.isLive, subscriptions[number]!.documents!.changes.isEmpty == false {
            // RFC 5875 §4.10: not more often than once every 5 seconds; what comes before goes along then.
            tellSoon(number, at: now, &actions)
        }
    }
}
