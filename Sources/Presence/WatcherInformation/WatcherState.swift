/// The state machine of a subscription in watcher information (RFC 3857 §4.7.1, figure 1).
package struct WatcherState: Hashable, Sendable {
    /// Where it is in the state machine.
    package private(set) var status: WatcherStatus
    /// What led there last.
    package private(set) var event: WatcherEvent

    /// A new subscription.
    ///
    /// RFC 3857 §4.7.1: policy that accepts makes it active, policy that rejects ends it at once; without policy it is
    /// pending. Polite blocking counts as acceptance (RFC 5025 §3.2.1).
    package init(subscribing handling: SubscriptionHandling) {
        event = .subscribe
        switch handling {
        case .block: status = .terminated
        case .confirm: status = .pending
        case .politeBlock, .allow: status = .active
        }
    }

    /// A state that was kept.
    init(_ status: WatcherStatus, after event: WatcherEvent) {
        self.status = status
        self.event = event
    }

    /// - Returns: false when the event has no meaning in this state, which stays as it is then.
    @discardableResult
    package mutating func take(_ event: WatcherEvent) -> Bool {
        let next: WatcherStatus
        switch (status, event) {
        case (.pending, .approved): next = .active
        case (.pending, .timeout): next = .waiting
        case (.pending, .noresource), (.pending, .rejected), (.pending, .deactivated), (.pending, .probation),
            (.pending, .giveup):
            next = .terminated
        case (.active, .noresource), (.active, .rejected), (.active, .deactivated), (.active, .probation),
            (.active, .timeout):
            next = .terminated
        // Whatever is decided of one that waits, there is no subscription that it could become.
        case (.waiting, .noresource), (.waiting, .rejected), (.waiting, .giveup), (.waiting, .approved):
            next = .terminated
        default: return false
        }
        status = next
        self.event = event
        return true
    }

    /// An active subscription has to be confirmed after all.
    ///
    /// RFC 5025 §3.2.1: it becomes pending again, though RFC 3857 has no event for that. What comes nearest is what
    /// makes subscriptions pending otherwise.
    package mutating func suspend() {
        guard status == .active else { return }
        status = .pending
        event = .subscribe
    }
}
