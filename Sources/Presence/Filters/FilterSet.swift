import Primitives
import XMLTree

/// The filters of a subscription, as SUBSCRIBEs in its dialog have made them (RFC 4660 §3.3.3 and §5.2.2).
package struct FilterSet: Hashable, Sendable {
    /// In the order in which they came.
    package private(set) var filters: [EventFilter] = []

    package init() {}

    /// Takes the body of a SUBSCRIBE; one without a body changes nothing. If anything in it is not accepted, nothing of
    /// it counts.
    ///
    /// - Parameters:
    ///   - requested: what was subscribed to.
    ///   - package: the event package of the subscription.
    package mutating func take(
        _ body: [UInt8], for requested: AddressOfRecord, package: String
    ) throws(FilterError) {
        let root: XMLElement
        do {
            root = try XMLDocument(parsing: body, limits: FilterLimits.document).root
        } catch {
            throw FilterError(error.description)
        }
        let document = try FilterDocument(root)
        if let named = document.package, named.trimmed != package {
            throw FilterError("the filters are for another event package")
        }
        var changed = filters
        for update in document.updates { try Self.take(update, requested, &changed) }
        guard changed.count <= FilterLimits.filters else { throw FilterError("more filters than are accepted") }
        // RFC 4660 §5.2: two filters for the same resource or domain are refused.
        let targets = changed.map { $0.target == .resource(requested) ? .request : $0.target }
        guard Set(targets).count == targets.count else { throw FilterError("two filters are for one resource") }
        // They are kept with the subscription.
        guard changed.reduce(0, { $0 + $1.document.serialized.count }) <= FilterLimits.document.size else {
            throw FilterError("the filters are too large together")
        }
        filters = changed
    }

    private static func take(
        _ update: FilterUpdate, _ requested: AddressOfRecord, _ filters: inout [EventFilter]
    ) throws(FilterError) {
        let place = filters.firstIndex { $0.id == update.id }
        if update.isRemoved {
            if let place { filters.remove(at: place) }
            return
        }
        if let place {
            // RFC 4661 §3.4: without contents it is enabled or disabled as it is, with contents it gets those.
            filters[place].isEnabled = update.isEnabled
            if let target = update.target { filters[place].target = target }
            guard update.hasContent else { return }
            filters[place].what = update.what
            filters[place].triggers = update.triggers
            filters[place].source = update.source
            return
        }
        // RFC 4661 §3.4: enabled for the first time it says something.
        guard update.hasContent || !update.isEnabled else { throw FilterError("a filter says nothing") }
        guard update.hasContent else { return }
        filters.append(
            EventFilter(
                id: update.id, target: update.target ?? .request, isEnabled: update.isEnabled, what: update.what,
                triggers: update.triggers, source: update.source))
    }

    /// Documents that make the same filters when they are taken one after the other: what to keep over a restart.
    package var documents: [[UInt8]] { filters.map(\.document.serialized) }

    /// The filter for what is told of a resource; nil lets everything through.
    ///
    /// RFC 4660 §3.3.2 and §4.1: the one that names the resource; else the one for its domain; else the one for what was
    /// subscribed to, which in the case of a list is all that is told of its members.
    package func filter(for resource: AddressOfRecord, requested: AddressOfRecord) -> EventFilter? {
        let enabled = filters.filter(\.isEnabled)
        let wanted: [EventFilter.Target] =
            resource == requested
            ? [.resource(resource), .request, .domain(resource.host)]
            : [.resource(resource), .domain(resource.host), .resource(requested), .request]
        for target in wanted {
            if let filter = enabled.first(where: { $0.target == target }) { return filter }
        }
        return nil
    }
}
