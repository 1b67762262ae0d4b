/// Subscription-State = substate-value *( SEMI subexp-params ) (RFC 6665 §8.2.3): how a subscription stands, in a NOTIFY.
package struct SubscriptionState: Hashable, Sendable, CustomStringConvertible {
    package enum State: Hashable, Sendable, CustomStringConvertible {
        case active, pending, terminated
        /// In lower case.
        case other(String)

        package init(_ text: some StringProtocol) {
            switch text.lowercased() {
            case "active": self = .active
            case "pending": self = .pending
            case "terminated": self = .terminated
            case let other: self = .other(other)
            }
        }

        package var description: String {
            switch self {
            case .active: "active"
            case .pending: "pending"
            case .terminated: "terminated"
            case .other(let text): text
            }
        }
    }

    package var state: State
    package var parameters: Parameters

    /// - Parameters: `expires` and `retryAfter` in seconds.
    package init(_ state: State, expires: Int? = nil, reason: String? = nil, retryAfter: Int? = nil) {
        self.state = state
        parameters = Parameters()
        if let expires { parameters.set("expires", "\(expires)") }
        if let reason { parameters.set("reason", reason) }
        if let retryAfter { parameters.set("retry-after", "\(retryAfter)") }
    }

    package init(_ text: HeaderText) throws(SIPParseError) {
        var cursor = HeaderCursor(text)
        guard let state = cursor.token() else { throw .malformed(.subscriptionState) }
        self.state = State(state)
        parameters = try Parameters(reading: &cursor, of: .subscriptionState)
        guard cursor.isAtEnd else { throw .malformed(.subscriptionState) }
    }

    /// How much longer the subscription lasts, in seconds.
    package var expires: Int? { parameters["expires"].flatMap { Expires.seconds($0.utf8) } }

    /// Why it ended: `deactivated`, `probation`, `rejected`, `timeout`, `giveup`, `noresource`, `invariant`, in lower case.
    package var reason: String? { parameters["reason"]?.lowercased() }

    /// When to try again at the earliest, in seconds.
    package var retryAfter: Int? { parameters["retry-after"].flatMap { Expires.seconds($0.utf8) } }

    package var description: String { "\(state)\(parameters)" }
}

extension SIPMessage {
    package var subscriptionState: SubscriptionState? {
        get throws(SIPParseError) {
            guard let text = value(.subscriptionState) else { return nil }
            return try SubscriptionState(text)
        }
    }
}
