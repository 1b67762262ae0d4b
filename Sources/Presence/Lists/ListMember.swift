import Primitives
import SIPMessages

/// A resource that a list holds, once the list is flat (RFC 4826 §4.5).
package struct ListMember: Hashable, Sendable {
    /// As the list spells it: subscribers know the resource by that.
    package var uri: String
    package var displayName: DisplayName?

    package init(uri: String, displayName: DisplayName? = nil) {
        self.uri = uri
        self.displayName = displayName
    }

    /// In bytes: a URI that is longer names nobody.
    static let maximumURI = 512

    /// Whom it names: a user by a SIP URI, or by a `pres` URI (RFC 3859 §3); nil for anything else.
    package var presentity: AddressOfRecord? {
        guard let uri = SIPURI(uri) else { return nil }
        guard case .other("pres") = uri.scheme else { return uri.addressOfRecord }
        let address = uri.opaque.prefix { $0 != "?" }
        return SIPURI("sip:\(address)")?.addressOfRecord
    }

    /// Whether it is a URI that subscriptions can go to, SIP or `pres`, of a length that is accepted.
    var isSubscribable: Bool {
        guard uri.utf8.count <= Self.maximumURI, let uri = SIPURI(uri) else { return false }
        return uri.isSIP || uri.scheme == .other("pres")
    }

    /// What two spellings of the same resource have in common.
    var key: String { presentity.map { "sip:\($0)" } ?? uri }
}
