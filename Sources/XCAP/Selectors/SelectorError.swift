/// Why a request URI selects nothing that there could be.
package enum SelectorError: Error, Hashable, Sendable {
    /// Not a URI as it has to be, or with a prefix that its query does not bind (RFC 4825 §8): 400.
    case malformed(String)
    /// A place outside the trees of RFC 4825 §6.2, or a selector that is an extension to its grammar: 404.
    case unknown
    /// Longer or deeper than the limits: 414.
    case tooLong
}
