import XMLTree

/// A watcher's copy of a presentity's state, out of what a notifier tells in documents of the type
/// `application/pidf-diff+xml` (RFC 5263 §4.5).
package struct PartialPresenceCopy: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// The state is new: a presence document.
        case changed([UInt8])
        /// It is not newer than what is known, and so not looked at.
        case stale
        /// The watcher has missed something, or was told what it can't make sense of. Its copy is as it was; refreshing the
        /// subscription brings all state.
        case refreshNeeded
    }

    private var version: UInt32?
    private var document: XMLDocument?
    private let limits: XMLLimits

    package init(limits: XMLLimits = .standard) { self.limits = limits }

    /// RFC 5263 §4.5: when another type comes in between, state is discarded and the version is not.
    package mutating func discard() { document = nil }

    package mutating func take(_ body: [UInt8]) -> Outcome {
        guard let received = try? PartialPresenceDocument(parsing: body, limits: limits) else { return .refreshNeeded }
        // RFC 5263 §4.4: there always is a version.
        guard let number = received.version else { return .refreshNeeded }
        if let version, number <= version { return .stale }
        if case .changes = received.content {
            // RFC 5263 §4.5: changes go with the version right before theirs.
            guard let version, number == version + 1 else { return .refreshNeeded }
        }
        guard let patched = try? received.applied(to: document) else { return .refreshNeeded }
        version = number
        document = patched
        return .changed(patched.serialized)
    }
}
