import Primitives

/// Of what somebody wants to know when it changes: a document, all documents of a collection, or an element or attribute
/// of a document (RFC 5875 §4.1).
package struct ChangeSelection: Hashable, Sendable {
    private enum Scope: Hashable, Sendable {
        case document(DocumentSelector)
        /// An element or attribute: what follows the separator, and the namespace bindings, both percent-encoded.
        case component(DocumentSelector, node: String, query: String?)
        /// Everything below a directory; without a tree all of an application usage.
        case collection(auid: String, tree: DocumentSelector.Tree?, directories: [String])
    }

    /// As the subscriber wrote it.
    package let uri: String
    private let scope: Scope

    /// - Parameters:
    ///   - uri: relative to the root, or an absolute one below it; that of a collection ends in a slash.
    ///   - root: the XCAP root.
    /// - Returns: nil for what selects nothing: places outside the root and its trees.
    package init?(_ uri: String, root: XCAPRoot, limits: XCAPLimits = .standard) {
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard uri.utf8.count <= limits.uri, let first = parts.first, let path = Self.path(of: first, root) else {
            return nil
        }
        self.uri = uri
        let query = parts.count > 1 ? parts[1] : nil
        if let request = try? RequestURI(path: path, query: query, limits: limits), let node = request.node {
            guard !node.isEmpty else { return nil }
            scope = .component(request.document, node: node, query: query)
            return
        }
        // Nothing but namespace bindings has a place in a query.
        guard query == nil else { return nil }
        guard path.hasSuffix("/") else {
            guard let request = try? RequestURI(path: path, query: nil, limits: limits) else { return nil }
            scope = .document(request.document)
            return
        }
        guard let scope = Self.collection(path, limits) else { return nil }
        self.scope = scope
    }

    private static func path(of uri: String, _ root: XCAPRoot) -> String? {
        if XCAPRoot.isAbsolute(uri) { return root.path(below: uri) }
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
        case .component: return nil
        case .document(let selected): return selected == document ? uri : nil
        case .collection(let auid, let tree, let directories):
            guard auid == document.auid, tree == nil || tree == document.tree,
                document.directories.starts(with: directories)
            else { return nil }
            return document.description
        }
    }

    /// The document that an element or attribute is in, if that is what is selected.
    package var documentOfComponent: DocumentSelector? {
        if case .component(let document, _, _) = scope { document } else { nil }
    }

    /// The selector of an element or attribute, for a usage with that default document namespace.
    ///
    /// - Returns: nil when there is none, or it selects namespace bindings, to which nobody subscribes (RFC 5875 §4.1).
    func node(defaultNamespace: String, limits: XCAPLimits) -> NodeSelector? {
        guard case .component(_, let node, let query) = scope,
            let bindings = try? NamespaceBindings(defaultNamespace: defaultNamespace, query: query),
            let selector = try? NodeSelector(node, bindings: bindings, depth: limits.document.depth),
            selector.terminal != .namespaces
        else { return nil }
        return selector
    }
}
