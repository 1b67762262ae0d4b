/// Which list a subscription lies behind (RFC 4662 §4): its state goes out in the list's notifications.
struct ListMembership: Hashable, Sendable {
    /// The number of the list's subscription.
    var list: UInt64
    /// Where the presentity stands among the list's members.
    var position: Int
}
