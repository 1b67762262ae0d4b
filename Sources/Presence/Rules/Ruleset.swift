import Primitives
import XMLTree

/// Presence authorization rules (RFC 5025), a common policy (RFC 4745): who may watch a presentity and see what of it.
package struct Ruleset: Hashable, Sendable {
    let rules: [Rule]
    /// The external lists that conditions name, by their URIs: whoever asks for a decision resolves them.
    package let externalLists: Set<String>

    /// Every rule is looked at for every request. The largest documents known have one for each contact.
    package static let maximumRules = 512
    /// All names of devices, persons and services together: a document's elements are compared with each of them.
    package static let maximumSelectors = 256

    /// Reads a document from outside, for what is wrong in it as for what is not known here: that grants nothing.
    package init(parsing bytes: some Collection<UInt8>) throws(RulesetError) {
        let document: XMLDocument
        do {
            document = try XMLDocument(parsing: bytes)
        } catch {
            throw .notXML(error)
        }
        try self.init(document)
    }

    package init(_ document: XMLDocument) throws(RulesetError) {
        guard document.root.name == CommonPolicy.ruleset else { throw .notRuleset }
        let elements = document.root.all(CommonPolicy.rule)
        guard elements.count <= Self.maximumRules else { throw .tooLarge }
        var ids: Set<String> = []
        var rules: [Rule] = []
        for element in elements {
            let rule = try Rule(parsing: element)
            guard ids.insert(rule.id).inserted else { throw .duplicateID(rule.id) }
            rules.append(rule)
        }
        guard rules.reduce(0, { $0 + $1.permissions.selectorCount }) <= Self.maximumSelectors else { throw .tooLarge }
        self.rules = rules
        externalLists = rules.flatMap(\.conditions).reduce(into: []) { all, condition in
            if case .externalList(let lists) = condition { all.formUnion(lists) }
        }
    }
}
