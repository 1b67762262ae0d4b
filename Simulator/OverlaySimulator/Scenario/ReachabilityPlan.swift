/// Nodes behind address translators and firewalls: they reach others, and only who was spoken to reaches them.
package struct ReachabilityPlan: Sendable {
    /// Of the nodes, 0 to 1: behind a translator that lets in who was spoken to from any port (RFC 4787 §5).
    package var addressRestricted = 0.0
    /// Of the nodes, 0 to 1: lets in only the very endpoint that was spoken to.
    package var portRestricted = 0.0
    /// Of the nodes, 0 to 1: uses another port for each destination (RFC 4787 §4.1), so that what others learn of its
    /// endpoint is of no use to third parties.
    package var symmetric = 0.0

    package init() {}

    /// Of the nodes, all that can't be reached unasked.
    package var unreachable: Double { addressRestricted + portRestricted + symmetric }
}
