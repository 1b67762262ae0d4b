import Primitives
import XMLTree

/// A reference to what a list holds but does not contain (RFC 4826 §3.1).
package enum ListReference: Hashable, Sendable {
    /// To an entry, by a path relative to the XCAP root of the document.
    case entry(String)
    /// To a list, by an absolute HTTP URI.
    case list(String)

    /// The path or the URI.
    package var uri: String {
        switch self {
        case .entry(let path): path
        case .list(let uri): uri
        }
    }

    /// What a reference leads to.
    package enum Target: Hashable, Sendable {
        case entry(ListMember)
        case list(ResourceList)

        /// What an element of a resource lists document stands for.
        /// - Returns: nil for one that is neither an entry nor a list, or exceeds what is accepted.
        package init?(_ element: XMLElement) {
            switch element.name {
            case ResourceLists.entry:
                guard let uri = element[attribute: ResourceLists.uri]?.trimmed else { return nil }
                self = .entry(ListMember(uri: uri, displayName: DisplayName(in: element)))
            case ResourceLists.list:
                var room = ResourceList.maximumEntries
                guard let list = try? ResourceList(element, depth: 1, room: &room) else { return nil }
                self = .list(list)
            default: return nil
            }
        }
    }
}
