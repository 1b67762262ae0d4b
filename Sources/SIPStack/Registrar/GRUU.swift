import Primitives
import SIPMessages

/// What a Globally Routable User Agent URI says (RFC 5627): one device of a user, wherever it is.
package enum GRUU: Hashable, Sendable {
    /// A public one (RFC 5627 §3.1.1): it shows the user, and whoever has it may ask for the device at any node.
    case device(AddressOfRecord, instance: String)
    /// A temporary one (§3.1.2) of this node: the device's ``Binding/epoch``, as long as it is the same.
    case temporary(AddressOfRecord, epoch: UInt64)
    /// A temporary one that only that node can read.
    case elsewhere(NodeID)
    /// A URI that says it is a GRUU, and is none.
    case invalid

    /// What the user part of a temporary GRUU begins with (as in the examples of RFC 5627); the node and what it sealed
    /// follow behind a dot each.
    static let temporaryPrefix = "tgruu."

    /// RFC 5627 §3.1.1: the address of record with the instance in the parameter `gr`.
    ///
    /// - Returns: nil for a binding that names no instance, or one that is no URN in angle brackets (RFC 5626 §4.1).
    package static func publicURI(of binding: Binding) -> SIPURI? {
        guard let instance = binding.instance else { return nil }
        return uri(of: binding.aor, instance: instance)
    }

    /// The same for a device that is bound at any node.
    static func uri(of aor: AddressOfRecord, instance: String) -> SIPURI? {
        guard instance.hasPrefix("<"), instance.hasSuffix(">"), instance.utf8.count > 2 else { return nil }
        var uri = SIPURI(aor)
        uri.parameters.set("gr", PercentEncoding.parameter(String(instance.dropFirst().dropLast())))
        return uri
    }

    /// Whether the URI has the form of a temporary GRUU, of whichever node.
    static func isTemporary(_ uri: SIPURI) -> Bool {
        uri.user?.hasPrefix(temporaryPrefix) == true && uri.parameter("gr") == ""
    }
}
