import SIPMessages
import XMLTree

/// What a watcher wants to be told, and how: filters (RFC 4660) and changes in place of whole documents (RFC 5263).
extension PresenceAgent {
    /// Takes what a SUBSCRIBE says of both.
    /// - Returns: false when the request was turned away for it.
    mutating func takesWishes(
        of message: SIPMessage, _ subscription: inout Subscription, from origin: Origin, _ actions: inout [Action]
    ) throws(SIPParseError) -> Bool {
        // Lists are told whole. Between nodes nothing is left out: whoever watches there decides.
        guard let package = subscription.package.state, subscription.list == nil, !subscription.isOverlay else {
            return true
        }
        // RFC 5263 §4.5: a watcher goes back to whole documents by not asking for changes any more.
        let accept = try message.accept
        subscription.takesChanges = package.partialType != nil && PartialPresence.isPreferred(accept)
        let type = try message.contentType?.essence
        guard !message.body.isEmpty, package.filterSchema != nil, type == FilterError.contentType else { return true }
        do {
            try subscription.filters.take(
                Array(message.body), for: subscription.presentity, package: subscription.package.rawValue)
            return true
        } catch {
            // RFC 4660 §5.4: 488, and a Warning may say why.
            let warning = Warning(code: 399, agent: configuration.advertisedHost ?? "starling", text: error.description)
            refuse(message, FilterError.status, headers: [(.warning, "\(warning)")], from: origin, &actions)
            return false
        }
    }

    /// A document as changes, for a watcher who takes them: type and body. Nil tells it whole.
    mutating func partialContent(
        for subscription: inout Subscription, _ document: [UInt8]
    ) -> (type: String, body: [UInt8])? {
        let resource = subscription.resource
        var changes = resources[resource]?.changes ?? PresenceChanges()
        guard subscription.takesChanges, let type = subscription.package.state?.partialType,
            let body = subscription.partial.next(document, &changes)
        else {
            // RFC 5263 §4.4: after another type all state comes first.
            subscription.partial.tellAll()
            return nil
        }
        resources[resource]?.changes = changes
        return (type.essence, body)
    }
}
