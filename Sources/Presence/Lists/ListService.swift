import Primitives
import SIPMessages

/// A list that the agent serves under a URI, its references resolved (RFC 4826 §4.5).
package struct ListService: Hashable, Sendable {
    /// What is subscribed to.
    package var uri: AddressOfRecord
    /// The event packages that can be subscribed to; nil for all.
    package var packages: Set<String>?
    package var members: [ListMember]

    /// The first thousand members count.
    package init(uri: AddressOfRecord, packages: Set<String>? = nil, members: [ListMember]) {
        self.uri = uri
        self.packages = packages
        self.members = members
    }

    /// A service of a document.
    /// - Parameter resolved: what references lead to, as for ``FlatList``.
    /// - Returns: nil when its URI is none that requests for this agent have.
    package init?(_ service: RLSService, resolving resolved: [ListReference: ListReference.Target] = [:]) {
        guard let uri = SIPURI(service.uri)?.addressOfRecord else { return nil }
        self.init(uri: uri, packages: service.packages, members: FlatList(service.list, resolving: resolved).members)
    }

    /// RFC 4826 §4.5: whether the package is among those that the service is for.
    func serves(_ package: EventPackage) -> Bool { packages?.contains(package.rawValue) ?? true }
}
