import XMLTree

/// Why a document is not one of resource lists, or of services that serve them.
package enum ResourceListsError: Error, Hashable, Sendable, CustomStringConvertible {
    case notXML(XMLError)
    /// The root is not the one that the document should have.
    case wrongRoot
    /// An element lacks the attribute, or the child, that says what it is about.
    case missing(String)
    /// More entries, services or levels of lists than are accepted.
    case tooLarge

    package var description: String {
        switch self {
        case .notXML(let error): error.description
        case .wrongRoot: "the root is another document's"
        case .missing(let name): "\(name) is missing"
        case .tooLarge: "more entries or deeper lists than are accepted"
        }
    }
}
