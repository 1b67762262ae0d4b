import Primitives
import SIPMessages
import XMLTree

/// One filter of a subscription (RFC 4661 §3.4).
package struct EventFilter: Hashable, Sendable {
    /// The resources that it is for.
    enum Target: Hashable, Sendable {
        /// What was subscribed to.
        case request
        case resource(AddressOfRecord)
        /// In lower case.
        case domain(String)
    }

    package let id: String
    var target: Target
    package var isEnabled: Bool
    /// Nil lets everything through.
    var what: FilterContent?
    /// One of them is enough; none lets every change through.
    var triggers: [FilterTrigger]
    /// What `<what>` and the triggers were read from: the bindings of prefixes, if there are any, and the filter.
    var source: [XMLElement]

    /// The filter as a document that makes it again.
    var document: XMLDocument {
        var root = XMLElement(
            FilterDocument.name("filter-set"), declarations: [XMLDeclaration(namespace: FilterDocument.namespace)])
        for var element in source {
            if element.name == FilterDocument.name("filter") {
                element.attributes = []
                element[attribute: XMLName("id")] = id
                element[attribute: XMLName("enabled")] = "\(isEnabled)"
                switch target {
                case .request: break
                case .resource(let resource): element[attribute: XMLName("uri")] = SIPURI(resource).description
                case .domain(let domain): element[attribute: XMLName("domain")] = domain
                }
            }
            root.append(element)
        }
        return XMLDocument(root: root)
    }

    /// What is delivered of a document.
    ///
    /// - Returns: nil for nothing: RFC 4660 §5.3.1 has the NOTIFY be sent without a body then.
    package func content(of root: XMLElement, _ schema: FilterSchema) -> XMLElement? {
        guard isEnabled, let what else { return root }
        return what.applied(to: root, schema)
    }

    /// Whether a change is told. The first document, and the one after a filter came or was enabled, is told in any case
    /// (RFC 4660 §5.3.1).
    ///
    /// - Parameters:
    ///   - old: what was told last, before the filter was applied to it (RFC 4661 §3.6.1).
    ///   - new: the present document, likewise.
    package func isTriggered(from old: XMLElement, to new: XMLElement) -> Bool {
        guard isEnabled, !triggers.isEmpty else { return true }
        let before = IdentifiedDocument(old)
        let after = IdentifiedDocument(new)
        var budget = EvaluationBudget(steps: FilterLimits.work)
        for trigger in triggers {
            // What costs too much is passed over, as if it were not there.
            guard let isActive = trigger.isActive(from: before, to: after, &budget) else { return true }
            if isActive { return true }
        }
        return false
    }
}
