import Primitives

/// The documents of which somebody wants to know when they change: one, or all of a collection (RFC 5875 §4.4).
package struct ChangeSelection: Hashable, Sendable {
    private enum Scope: Hashable, Sendable {
        case document(DocumentSelector)
        /// Everything below a directory; without a tree all of an application usage.
        case collection(auid: String, tree: DocumentSelector.Tree?, directories: [String])
    }

    /// As the subscriber wrote it.
    private let uri: String
    private let scope: Scope

    /// - Parameters:
    ///   - uri: relative to the root, or an absolute one below it; that of a collection ends in a slash.
    ///   - root: the XCAP root.
    /// - Returns: nil for what selects no documents: places outside the root and its trees, and nodes in a document, of
    ///   which nothing is told.
    package init?(_ uri: String, root: XCAPRoot, limits: XCAPLimits = .standard) {
        guard uri.utf8.count <= limits.uri, let path = Self.path(of: uri, root), !path.contains("?") else { return nil }
        self.uri = uri
        guard path.hasSuffix("/") else {
            guard let request = try? RequestURI(path: path, query: nil, limits: limits), request.node == nil else {
                return nil
            }
            scope = .document(request.document)
            return
        }
        guard let scope = Self.collection(path, limits) else { return nil }
        self.scope = scope
    }

    private static func path(of uri: String, _ root: XCAPRoot) -> String? {
        if XCAPRoot.isAbsolute(uri) { return uri.contains("?") ? nil : root.path(below: uri) }
        // RFC 3986 §4.2: with a slash in front, the path is the host's.
        guard uri.hasPrefix("/") else { return uri }
        return uri.hasPrefix(root.path + "/") ? String(uri.dropFirst(root.path.count + 1)) : nil
    }

    private static func collection(_ path: String, _ limits: XCAPLimits) -> Scope? {
        var names: [String] = []
        for segment in path.dropLast().split(separator: "/", omittingEmptySubsequences: false) {
            guard let name = PercentEncoding.decode(segment), !["", ".", "..", "~~"].contains(name) else { return nil }
            names.append(name)
        }
        guard let auid = names.first, names.count <= limits.segments + 3 else { return nil }
        guard names.count > 1 else { return .collection(auid: auid, tree: nil, directories: []) }
        switch names[1] {
        case "global": return .collection(auid: auid, tree: .global, directories: Array(names[2...]))
        case "users":
            // The homes of all users together are nobody's to watch.
            guard names.count > 2, let owner = AddressOfRecord(names[2]) else { return nil }
            return .collection(auid: auid, tree: .user(owner), directories: Array(names[3...]))
        default: return nil
        }
    }

    /// What a document is called in what is told of it; nil when it is not among those selected.
    ///
    /// RFC 5875 §4.6: octet by octet as the subscriber wrote it; in a collection, its path below the root.
    package func name(of document: DocumentSelector) -> String? {
        switch scope {
        case .document(let selected): return selected == document ? uri : nil
        case .collection(let auid, let tree, let directories):
            guard auid == document.auid, tree == nil || tree == document.tree,
                document.directories.starts(with: directories)
            else { return nil }
            return document.description
        }
    }
}
