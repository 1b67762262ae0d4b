import Primitives

/// A request URI below the XCAP root, taken apart but for its node selector, whose names can only be expanded once the
/// application usage is known (RFC 4825 §6).
package struct RequestURI: Hashable, Sendable {
    /// What stands before the separator.
    package let document: DocumentSelector
    /// What follows the separator `~~`, still percent-encoded; nil when the URI is that of a whole document.
    let node: String?
    /// What follows the question mark, still percent-encoded.
    let query: String?

    /// - Parameters:
    ///   - path: what follows the XCAP root's path, with or without a slash in front, percent-encoded.
    ///   - query: what follows the question mark; nil when there is none.
    package init(path: String, query: String?, limits: XCAPLimits = .standard) throws(SelectorError) {
        guard path.utf8.count + (query?.utf8.count ?? 0) <= limits.uri else { throw .tooLong }
        var segments = path.split(separator: "/", omittingEmptySubsequences: false)
        if segments.first?.isEmpty == true { segments.removeFirst() }
        // The first `~~` is the separator, also when its tildes are escaped (RFC 4825 §6); a later one belongs to the
        // node selector.
        let separator = segments.firstIndex { PercentEncoding.decode($0) == "~~" }
        var names: [String] = []
        for segment in segments[..<(separator ?? segments.endIndex)] {
            guard let name = PercentEncoding.decode(segment) else {
                throw .malformed("a percent-encoding is not UTF-8")
            }
            names.append(name)
        }
        document = try Self.document(names, limits)
        node = separator.map { segments[($0 + 1)...].joined(separator: "/") }
        self.query = query
    }

    /// The segment after the AUID is `global` or `users`, the one after `users` the XUI (RFC 4825 §6.2). A user that can't
    /// exist is not recognized, which is a 404 (§8).
    private static func document(_ names: [String], _ limits: XCAPLimits) throws(SelectorError) -> DocumentSelector {
        guard names.count >= 3 else { throw .unknown }
        let tree: DocumentSelector.Tree
        let path: ArraySlice<String>
        switch names[1] {
        case "global":
            tree = .global
            path = names[2...]
        case "users":
            guard let owner = AddressOfRecord(names[2]) else { throw .unknown }
            tree = .user(owner)
            path = names[3...]
        default: throw .unknown
        }
        guard path.count <= limits.segments else { throw .tooLong }
        guard let selector = DocumentSelector(auid: names[0], tree: tree, path: Array(path)) else { throw .unknown }
        return selector
    }
}
