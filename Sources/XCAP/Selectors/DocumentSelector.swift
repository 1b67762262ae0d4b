import Primitives

/// Which document a request is about (RFC 4825 §6.2).
///
/// Two spellings of a user's name (`sip:joe@Example.com`, `joe@example.com`) give equal selectors, so a document is
/// stored once whatever its client writes.
package struct DocumentSelector: Hashable, Sendable, CustomStringConvertible {
    /// The two trees that each application usage has.
    package enum Tree: Hashable, Sendable {
        case global
        /// The home directory of a user; the XUI is the user's address of record, as RFC 4825 §6.2 recommends.
        case user(AddressOfRecord)
    }

    /// The application unique ID.
    package let auid: String
    /// Whose documents these are.
    package let tree: Tree
    /// The directories below the tree, and the document's name last; never empty.
    package let path: [String]

    /// - Returns: nil when the path is empty, or one of its segments is, or is `.` or `..`, which RFC 3986 §5.2.4 takes
    ///   away on the way here.
    package init?(auid: String, tree: Tree, path: [String]) {
        guard !auid.isEmpty, !path.isEmpty, path.allSatisfy({ !["", ".", ".."].contains($0) }) else { return nil }
        self.auid = auid
        self.tree = tree
        self.path = path
    }

    /// The name of the document without its directories.
    package var filename: String { path[path.count - 1] }

    /// The directories between the tree and the document.
    package var directories: [String] { Array(path.dropLast()) }

    /// The user whose home directory the document is in; nil in the global tree.
    package var owner: AddressOfRecord? {
        switch tree {
        case .global: nil
        case .user(let owner): owner
        }
    }

    /// The directory that always exists (RFC 4825 §8.2.1), as a path below the root.
    package var homeDirectory: String {
        switch tree {
        case .global: "\(PercentEncoding.encode(auid))/global"
        case .user(let owner): "\(PercentEncoding.encode(auid))/users/\(PercentEncoding.encode("sip:\(owner)"))"
        }
    }

    /// The path below the root, percent-encoded.
    package var description: String {
        ([homeDirectory] + path.map { PercentEncoding.encode($0) }).joined(separator: "/")
    }
}
