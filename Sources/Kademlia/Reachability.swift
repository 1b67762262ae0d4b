/// Whether others can reach a node that has not spoken to them before.
package enum Reachability: UInt8, Sendable {
    /// Nothing has shown it yet. To others the node is a client.
    case unproven
    /// They can't: the node sits behind an address translator or a firewall. It looks up and stores like any other,
    /// and holds nothing for the overlay.
    case client
    /// They can: the node takes its full part.
    case full
}
