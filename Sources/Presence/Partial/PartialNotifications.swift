/// What a notifier knows of one watcher that takes changes (RFC 5263 §4.4).
package struct PartialNotifications: Hashable, Sendable {
    /// Of the last document; 0 before the first one.
    package private(set) var version: UInt32
    /// What the watcher has; nil when that is not known, and all has to be told.
    private var told: [UInt8]?

    /// RFC 5263 §4.4: versions begin with 1, last as long as the subscription, and are not set back by a refresh.
    ///
    /// - Parameter version: that of the last document; after a restart any that is not lower.
    package init(version: UInt32 = 0) { self.version = version }

    /// The body of the next NOTIFY: the whole state the first time and after ``tellAll()``, else what changed since the
    /// last one.
    ///
    /// RFC 5263 §4.4: each document's version is one higher than that of the last one, whatever both are. A NOTIFY is
    /// only sent when the one before was answered, so none overtakes another.
    ///
    /// - Returns: nil when the document can't be read.
    package mutating func next(_ document: [UInt8], _ changes: inout PresenceChanges) -> [UInt8]? {
        // RFC 5262 §7: 32 bits. Nobody is notified so often; a wrap would be read as the past.
        guard version < .max, let body = changes.body(from: told, to: document) else { return nil }
        version += 1
        told = document
        return body.bytes(version: version)
    }

    /// Has the whole state be told next: after a SUBSCRIBE in the dialog (RFC 5263 §4.4), when it is not known whether
    /// the watcher got the last document, and when it was sent something else in between.
    package mutating func tellAll() { told = nil }
}
