extension XCAPServer {
    /// Goes through the checks that need no document, in the order of RFC 4825 §8: the application usage, then who asks
    /// and whether they may, then the node selector and the method.
    func target(of request: XCAPRequest) throws(XCAPFailure) -> RequestTarget {
        let uri: RequestURI
        do {
            uri = try RequestURI(path: request.path, query: request.query, limits: limits)
        } catch { throw XCAPFailure(error) }
        guard let usage = usages.first(where: { $0.auid == uri.document.auid }) else { throw .notFound }
        try authorize(request, usage.access(to: uri.document, isSafe: request.method.isSafe), uri.document)

        if case .other = request.method { throw .methodNotAllowed(Self.allMethods) }
        if !request.method.isSafe, usage.computed(at: uri.document) != nil {
            throw .methodNotAllowed(Self.safeMethods)
        }
        guard let encoded = uri.node else {
            return RequestTarget(usage: usage, document: uri.document, node: nil, query: nil)
        }
        let node: NodeSelector
        do {
            let bindings = try NamespaceBindings(defaultNamespace: usage.defaultNamespace, query: uri.query)
            node = try NodeSelector(encoded, bindings: bindings, depth: limits.document.depth)
        } catch { throw XCAPFailure(error) }
        // Namespace bindings can only be read (RFC 4825 §8.2 and §8.4).
        if !request.method.isSafe, node.terminal == .namespaces { throw .methodNotAllowed(Self.safeMethods) }
        return RequestTarget(usage: usage, document: uri.document, node: node, query: uri.query)
    }

    /// Whoever is asked to prove who they are can do so and try again; whoever has and still may not gets 403.
    private func authorize(
        _ request: XCAPRequest, _ rule: AccessRule, _ document: DocumentSelector
    ) throws(XCAPFailure) {
        if rule == .everyone { return }
        guard let user = request.user else { throw .unauthenticated }
        let isAllowed =
            switch rule {
            case .everyone, .users: true
            case .owner: user == document.owner
            case .trusted: trustedUsers.contains(user)
            case .nobody: false
            }
        guard isAllowed else { throw .forbidden }
    }
}
