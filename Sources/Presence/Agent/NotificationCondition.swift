import SIPStack

/// What a subscriber has already, and need not be told (RFC 5839 §5.2).
struct NotificationCondition: Hashable, Sendable {
    /// What Suppress-If-Match says.
    var tag: String
    /// The state of the subscription that the subscriber knows of; nil before the first NOTIFY.
    var reported: WatcherStatus?

    /// RFC 5839 §6.3: `*` is always true.
    func holds(for tag: String) -> Bool { self.tag == "*" || self.tag == tag }

    /// The entity tag of what is shown.
    ///
    /// RFC 5839 §6.1: it is a digest, so each tag stands for one document only, outlives a restart, and is the same for
    /// everybody who is shown the same.
    static func tag(of document: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = Digest.sha256(document).prefix(12).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
