import Primitives

/// A list that can be subscribed to under a URI of its own (RFC 4826 §4.1).
package struct RLSService: Hashable, Sendable {
    /// Where its members come from.
    package enum Source: Hashable, Sendable {
        /// A list in the service itself.
        case list(ResourceList)
        /// A list in a resource lists document, by an absolute HTTP URI.
        case reference(String)
    }

    /// The URI to subscribe to, as the document spells it.
    package var uri: String
    package var source: Source
    /// The event packages that can be subscribed to; nil for all.
    package var packages: Set<String>?

    package init(uri: String, source: Source, packages: Set<String>? = nil) {
        self.uri = uri
        self.source = source
        self.packages = packages
    }

    /// The list to flatten: where it lies elsewhere, a list that only refers to it.
    package var list: ResourceList {
        switch source {
        case .list(let list): list
        case .reference(let uri): ResourceList(items: [.external(uri, nil)])
        }
    }
}
