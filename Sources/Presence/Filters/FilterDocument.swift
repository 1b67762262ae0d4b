import Primitives
import SIPMessages
import XMLTree

/// A document of the type `application/simple-filter+xml` (RFC 4661 §3).
struct FilterDocument: Hashable, Sendable {
    static let namespace = "urn:ietf:params:xml:ns:simple-filter"

    /// The event package that it is for; nil when it is not stated.
    var package: String?
    var updates: [FilterUpdate] = []

    static func name(_ local: String) -> XMLName { XMLName(local, in: namespace) }

    /// - Parameter root: what extensions add in other namespaces is passed over (RFC 4661 §4).
    init(_ root: XMLElement) throws(FilterError) {
        guard root.name == Self.name("filter-set") else { throw FilterError("the root is \(root.name)") }
        package = root[attribute: XMLName("package")]
        var bindings = NamespaceScope()
        let written = root.first(Self.name("ns-bindings"))
        guard root.all(Self.name("ns-bindings")).count <= 1 else { throw FilterError("bindings come twice") }
        for binding in written?.all(Self.name("ns-binding")) ?? [] {
            guard let prefix = binding[attribute: XMLName("prefix")], let uri = binding[attribute: XMLName("urn")],
                QualifiedName.isUnprefixed(prefix), prefix != "xml", prefix != "xmlns"
            else { throw FilterError("a binding needs a prefix and a namespace") }
            bindings.bind(prefix, to: uri)
        }
        for element in root.all(Self.name("filter")) {
            guard updates.count < FilterLimits.filters else { throw FilterError("more filters than are accepted") }
            var update = try Self.update(element, bindings)
            update.source = [written, element].compactMap { $0 }
            updates.append(update)
        }
        guard !updates.isEmpty else { throw FilterError("there is no filter") }
        // RFC 4661 §3.4: ids are unique.
        guard Set(updates.map(\.id)).count == updates.count else { throw FilterError("two filters have one id") }
    }

    private static func update(_ element: XMLElement, _ bindings: NamespaceScope) throws(FilterError) -> FilterUpdate {
        guard let id = element[attribute: XMLName("id")] else { throw FilterError("a filter needs an id") }
        var update = FilterUpdate(
            id: id, isRemoved: try flag(element, "remove") ?? false, isEnabled: try flag(element, "enabled") ?? true,
            target: try target(element), triggers: [], source: [])
        let whats = element.all(name("what"))
        let triggers = element.all(name("trigger"))
        let count = (whats + triggers).reduce(0) { $0 + $1.elements.count }
        guard whats.count <= 1 else { throw FilterError("a filter has one <what>") }
        guard count <= FilterLimits.expressions else { throw FilterError("more expressions than are accepted") }
        if let what = whats.first {
            var content = FilterContent(includes: [], excludes: [])
            for part in what.all(name("include")) { content.includes.append(try self.part(part, bindings)) }
            for part in what.all(name("exclude")) { content.excludes.append(try self.part(part, bindings)) }
            if !content.includes.isEmpty || !content.excludes.isEmpty { update.what = content }
        }
        for trigger in triggers {
            let events = try events(trigger, bindings)
            if !events.isEmpty { update.triggers.append(FilterTrigger(events: events)) }
        }
        return update
    }

    /// XML Schema Part 2 §3.2.2.
    private static func flag(_ element: XMLElement, _ name: String) throws(FilterError) -> Bool? {
        switch element[attribute: XMLName(name)]?.trimmed {
        case nil: nil
        case "true", "1": true
        case "false", "0": false
        default: throw FilterError("\(name) is true or false")
        }
    }

    private static func target(_ element: XMLElement) throws(FilterError) -> EventFilter.Target? {
        let uri = element[attribute: XMLName("uri")]
        let domain = element[attribute: XMLName("domain")]
        // RFC 4661 §3.4.
        guard uri == nil || domain == nil else { throw FilterError("a filter has a URI or a domain") }
        if let uri {
            // RFC 3859 §3.2: `pres:` names the same users.
            let bare = uri.trimmed.lowercased().hasPrefix("pres:") ? "sip:\(uri.trimmed.dropFirst(5))" : uri.trimmed
            guard let resource = SIPURI(bare)?.addressOfRecord else { throw FilterError("the URI names no user") }
            return .resource(resource)
        }
        return domain.map { .domain($0.trimmed.lowercased()) }
    }

    private static func part(
        _ element: XMLElement, _ bindings: NamespaceScope
    ) throws(FilterError) -> FilterContent.Part {
        switch element[attribute: XMLName("type")]?.trimmed {
        case nil, "xpath": .expression(try FilterExpression(element.text, bindings, mayCompare: true))
        case "namespace": .namespace(element.text.trimmed)
        default: throw FilterError("a type is xpath or namespace")
        }
    }

    private static func events(
        _ trigger: XMLElement, _ bindings: NamespaceScope
    ) throws(FilterError) -> [FilterTrigger.Event] {
        var events: [FilterTrigger.Event] = []
        for element in trigger.elements where element.name.namespace == namespace {
            let expression = try FilterExpression(element.text, bindings, mayCompare: false)
            switch element.name.local {
            case "added": events.append(.added(expression))
            case "removed": events.append(.removed(expression))
            case "changed":
                let from = element[attribute: XMLName("from")]
                let to = element[attribute: XMLName("to")]
                let by = element[attribute: XMLName("by")]
                let amount = by.flatMap { Decimal.value(of: $0) }
                // RFC 4661 §3.6.1.4: together with an amount the other values are decimals.
                let mustBeDecimal = by == nil ? [] : [from, to].compactMap { $0 }
                guard by == nil || amount != nil, mustBeDecimal.allSatisfy({ Decimal.value(of: $0) != nil }) else {
                    throw FilterError("an amount is a decimal, and goes with decimals")
                }
                events.append(.changed(expression, from: from, to: to, by: amount))
            default: throw FilterError("a trigger knows changed, added and removed")
            }
        }
        return events
    }
}
