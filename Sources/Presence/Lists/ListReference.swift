/// A reference to what a list holds but does not contain (RFC 4826 §3.1).
package enum ListReference: Hashable, Sendable {
    /// To an entry, by a path relative to the XCAP root of the document.
    case entry(String)
    /// To a list, by an absolute HTTP URI.
    case list(String)

    /// What a reference leads to.
    package enum Target: Hashable, Sendable {
        case entry(ListMember)
        case list(ResourceList)
    }
}
