import XMLTree

/// What one notifier says of a resource (RFC 4662 §5.5).
package struct RLMIInstance: Hashable, Sendable {
    /// What tells it from the resource's other instances.
    package var id: String
    package var state: RLMIState
    /// The Content-ID of the part with the resource's state, without brackets; nil when there is none.
    package var contentID: String?

    package init(id: String, state: RLMIState, contentID: String? = nil) {
        self.id = id
        self.state = state
        self.contentID = contentID
    }

    var element: XMLElement {
        var element = XMLElement(RLMI.instance)
        element[attribute: RLMI.id] = id
        switch state {
        case .active: element[attribute: RLMI.state] = "active"
        case .pending: element[attribute: RLMI.state] = "pending"
        case .terminated(let reason):
            element[attribute: RLMI.state] = "terminated"
            element[attribute: RLMI.reason] = reason
        }
        element[attribute: RLMI.cid] = contentID
        return element
    }

    /// - Returns: nil for one that breaks the rules of RFC 4662 §5.5: every one has an id and a state, one that ended a
    ///   reason, one that is active a part.
    init?(_ element: XMLElement) {
        guard let id = element[attribute: RLMI.id] else { return nil }
        contentID = element[attribute: RLMI.cid]
        switch element[attribute: RLMI.state] {
        case "active" where contentID != nil: state = .active
        case "pending": state = .pending
        case "terminated":
            guard let reason = element[attribute: RLMI.reason] else { return nil }
            state = .terminated(reason: reason)
        default: return nil
        }
        self.id = id
    }
}
