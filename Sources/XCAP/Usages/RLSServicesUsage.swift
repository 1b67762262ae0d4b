import Primitives
import XMLTree

/// RLS services: which SIP URIs stand for which lists (RFC 4826 §4.4).
package struct RLSServicesUsage: ApplicationUsage {
    package init() {}

    package var auid: String { "rls-services" }
    package var mimeType: String { "application/rls-services+xml" }
    package var defaultNamespace: String { RLSServicesSchema.namespace }
    package var schema: XMLSchema { RLSServicesSchema.schema }

    private static let service = XMLName("service", in: RLSServicesSchema.namespace)
    private static let resourceList = XMLName("resource-list", in: RLSServicesSchema.namespace)
    private static let list = XMLName("list", in: RLSServicesSchema.namespace)
    private static let uri = XMLName("uri")

    /// The global `index` is the union of the users' documents of that name (§4.4.8).
    package func computed(at selector: DocumentSelector) -> ComputedDocument? {
        selector.tree == .global && selector.path == ["index"] ? .servicesIndex : nil
    }

    /// The index tells of all users' lists, so only trusted elements read it (§4.4.9).
    package func access(to selector: DocumentSelector, isSafe: Bool) -> AccessRule {
        switch selector.tree {
        case .user: .owner
        case .global: .trusted
        }
    }

    /// URIs of services are unique, lists are the user's own, and lists within services are checked as such (§4.4.5).
    package func checkConstraints(_ document: XMLElement, in context: ValidationContext) throws(ConflictReport) {
        var values = UniqueValues(defaultNamespace: defaultNamespace)
        values.check(Self.service, attribute: "uri", in: document, at: "rls-services")
        let services = values.steps(to: Self.service, in: document)
        Self.checkOthers(services, &values, context)
        try values.report()
        for (service, step) in services {
            if let reference = service.first(Self.resourceList)?.text { try Self.check(reference, context) }
            guard let list = service.first(Self.list) else { continue }
            var constraints = ResourceListConstraints(defaultNamespace: defaultNamespace)
            constraints.check(list, at: "rls-services/\(step)/list")
            try constraints.report()
        }
    }

    /// The URI of a service is unique on the whole server, and no resource of the domain has it (§4.4.5).
    private static func checkOthers(
        _ services: [(element: XMLElement, step: String)], _ values: inout UniqueValues, _ context: ValidationContext
    ) {
        let own = Set(services.compactMap { $0.element[attribute: uri] })
        for (service, step) in services {
            guard let value = service[attribute: uri], context.isTaken(value) else { continue }
            let alternatives = suggestions(for: value) { !own.contains($0) && !context.isTaken($0) }
            values.add(
                ConflictReport.Duplicate(field: "rls-services/\(step)/@uri", alternatives: alternatives))
        }
    }

    /// Up to three URIs that nobody has: the one that was asked for, with a number behind the user's name.
    private static func suggestions(for uri: String, where isFree: (String) -> Bool) -> [String] {
        guard let at = uri.firstIndex(of: "@") else { return [] }
        let candidates = (2...9).map { "\(uri[..<at])-\($0)\(uri[at...])" }
        return Array(candidates.lazy.filter(isFree).prefix(3))
    }

    /// A list is referred to by an absolute URI below this root, in the tree of resource lists; in a user's document it is
    /// one of the same user's (§4.1 and §4.4.5). Whether it exists is not the server's to check.
    private static func check(_ reference: String, _ context: ValidationContext) throws(ConflictReport) {
        let failure = ConflictReport(
            .constraintFailure, phrase: "a resource-list is the HTTP URI of a list of the same user below this root")
        // There is no white space in a URI; what clients put around it, or fold it with, means nothing.
        let unfolded = reference.split(whereSeparator: \.isWhitespace).joined()
        guard let path = context.root.path(below: unfolded) else { throw failure }
        let list: DocumentSelector
        do {
            list = try RequestURI(path: path, query: nil).document
        } catch { throw failure }
        guard list.auid == "resource-lists", let owner = list.owner else { throw failure }
        if let user = context.selector.owner, user != owner { throw failure }
    }
}
