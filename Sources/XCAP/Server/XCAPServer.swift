import Primitives

/// Answers XCAP requests (RFC 4825 §8) about documents that somebody else keeps.
///
/// It holds no state but its configuration: the same request about the same document has the same outcome everywhere.
package struct XCAPServer: Sendable {
    /// The URI that all documents lie below.
    package let root: XCAPRoot
    /// What a client may ask for.
    package let limits: XCAPLimits
    /// Who may write global documents and read the index of all services.
    package let trustedUsers: Set<AddressOfRecord>
    /// What is served, in the order in which the capabilities name it.
    package let usages: [any ApplicationUsage]
    private let digest: @Sendable ([UInt8]) -> [UInt8]
    private let capabilities: StoredDocument

    /// - Parameter digest: a collision-resistant one, such as SHA-256; it makes the entity tags, and with the same one at
    ///   all gateways they agree on them.
    package init(
        root: XCAPRoot, usages: [any ApplicationUsage] = XCAPServer.allUsages, limits: XCAPLimits = .standard,
        trustedUsers: Set<AddressOfRecord> = [], digest: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        self.root = root
        self.usages = usages
        self.limits = limits
        self.trustedUsers = trustedUsers
        self.digest = digest
        let bytes = XCAPCapsUsage.document(of: usages).serialized
        capabilities = StoredDocument(bytes: bytes, tag: EntityTag(digest: digest(bytes)))
    }

    /// Every application usage there is.
    package static var allUsages: [any ApplicationUsage] {
        [
            XCAPCapsUsage(), ResourceListsUsage(), RLSServicesUsage(), PresRulesUsage(), OMAPresRulesUsage(),
            PIDFManipulationUsage(), PresContentUsage(), XCAPDirectoryUsage(),
        ]
    }

    /// The tag of a document: the same for the same bytes, and for no others.
    package func entityTag(of document: [UInt8]) -> EntityTag { EntityTag(digest: digest(document)) }

    /// Which document ``respond(to:present:isTaken:)`` needs. Requests that will be refused whatever is stored need none,
    /// so that nobody can make the server look for documents that are not theirs.
    package func source(for request: XCAPRequest) -> DocumentSource {
        guard let target = try? target(of: request) else { return .none }
        return switch target.usage.computed(at: target.document) {
        case nil: .stored(target.document)
        case .capabilities?: .none
        case let computed?: .computed(computed)
        }
    }

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - present: the document that ``source(for:)`` named, as it is now; nil when there is none.
    ///   - isTaken: whether a SIP URI is that of somebody else's service or of a user (RFC 4826 §4.4.5); asked when an
    ///     RLS services document is written.
    package func respond(
        to request: XCAPRequest, present: StoredDocument?, isTaken: @escaping (_ uri: String) -> Bool = { _ in false }
    ) -> XCAPOutcome {
        do {
            let target = try target(of: request)
            let isOwn = target.usage.computed(at: target.document) == .capabilities
            return try perform(request, on: target, isOwn ? capabilities : present, isTaken)
        } catch {
            return XCAPOutcome(response: error.response, basis: present?.tag)
        }
    }

    private func perform(
        _ request: XCAPRequest, on target: RequestTarget, _ present: StoredDocument?,
        _ isTaken: @escaping (String) -> Bool
    ) throws(XCAPFailure) -> XCAPOutcome {
        let context = ValidationContext(selector: target.document, root: root, isTaken: isTaken)
        switch request.method {
        case .get, .head: return try fetch(request, target, present)
        case .put: return try place(request, target, present, context)
        case .delete: return try remove(request, target, present, context)
        case .other: throw .methodNotAllowed(Self.allMethods)
        }
    }

    static let allMethods: [XCAPMethod] = [.get, .head, .put, .delete]
    static let safeMethods: [XCAPMethod] = [.get, .head]

    /// `If-Match` comes first, then `If-None-Match`, which means 304 for a GET and 412 for all others (RFC 9110 §13.2.2).
    /// Nodes share the tag of their document, also those that a PUT is about to create: so `If-None-Match: *` always
    /// fails for them (RFC 4825 §8.2.6).
    func checkConditions(of request: XCAPRequest, _ present: StoredDocument?) throws(XCAPFailure) {
        if let condition = request.ifMatch, !condition.matches(present?.tag, strongly: true) {
            throw .preconditionFailed
        }
        if let condition = request.ifNoneMatch, condition.matches(present?.tag, strongly: false) {
            throw request.method.isSafe ? .notModified(present?.tag) : .preconditionFailed
        }
    }
}
