/// How a subscriber wants list notifications written.
enum ListDialect: UInt8, Sendable {
    /// As RFC 4662 and RFC 2045 have it.
    case standard = 0
    /// Linphone, seen with 5.1, takes a NOTIFY for that of a list only when it names the event `Presence`, and finds a
    /// state only by a header field `Content-Id` whose value stands without brackets. Who writes as the standards say
    /// shows it no presence at all.
    case linphone = 16

    /// - Parameter userAgent: what the SUBSCRIBE says under User-Agent; nil for nothing.
    init(userAgent: String?) {
        self = userAgent?.hasPrefix("Linphone") == true ? .linphone : .standard
    }

    /// The value of Event in a NOTIFY, where the SUBSCRIBE said `event`.
    func event(_ event: String) -> String {
        let name = "presence"
        guard self == .linphone, event.hasPrefix(name) else { return event }
        return "Presence" + event.dropFirst(name.count)
    }

    /// The header field that names a part of a notification.
    func contentID(_ id: String) -> (String, String) {
        self == .linphone ? ("Content-Id", id) : ("Content-ID", "<\(id)>")
    }
}
