import Primitives
import SIPMessages

/// How SIP names a node of the overlay: `NODEID.overlay.invalid`, a name that no DNS will ever hold (RFC 2606 §2).
package enum OverlayHost {
    private static let suffix = ".overlay.invalid"

    package static func name(of node: NodeID) -> String { node.text + suffix }

    /// The node that a host name stands for; nil when it is none of these.
    package static func node(named host: String) -> NodeID? {
        let lower = host.lowercased()
        guard lower.hasSuffix(suffix) else { return nil }
        return NodeID(text: lower.dropLast(suffix.utf8.count))
    }

    /// `sip:NODEID.overlay.invalid;transport=overlay;lr`, for Route, Record-Route and Contact.
    package static func uri(of node: NodeID, user: String? = nil) -> SIPURI {
        SIPURI(
            user: user, host: name(of: node),
            parameters: Parameters([.init(name: "transport", text: "overlay"), .init(name: "lr", text: nil)]))
    }
}
