import Primitives
import XMLTree

/// Presence authorization rules (RFC 5025), a common policy (RFC 4745): who may watch a presentity and see what of it.
package struct Ruleset: Hashable, Sendable {
    let rules: [Rule]
    /// The document as it came.
    package let source: [UInt8]
    /// The external lists that conditions name, by their URIs: whoever asks for a decision resolves them.
    package let externalLists: Set<String>
    /// Whether a decision can depend on what the presentity is engaged in.
    let usesSphere: Bool

    /// Every rule is looked at for every request. The largest documents known have one for each contact.
    package static let maximumRules = 512
    /// Whatever conditions make a decision look at, in all rules together; single identities are found without looking.
    package static let maximumTerms = 2_048
    /// All names of devices, persons and services together: a document's elements are compared with each of them.
    package static let maximumSelectors = 256

    /// No rules: they match nobody.
    static let empty = Ruleset()

    private init() {
        rules = []
        source = XMLDocument(root: XMLElement(CommonPolicy.ruleset)).serialized
        externalLists = []
        usesSphere = false
    }

    /// Reads a document from outside, for what is wrong in it as for what is not known here: that grants nothing.
    package init(parsing bytes: some Collection<UInt8>) throws(RulesetError) {
        let document: XMLDocument
        do {
            document = try XMLDocument(parsing: bytes)
        } catch {
            throw .notXML(error)
        }
        try self.init(document, source: Array(bytes))
    }

    /// Reads a document that was parsed already.
    package init(_ document: XMLDocument) throws(RulesetError) { try self.init(document, source: document.serialized) }

    private init(_ document: XMLDocument, source: [UInt8]) throws(RulesetError) {
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
        guard rules.reduce(0, { $0 + $1.permissions.selectorCount }) <= Self.maximumSelectors,
            rules.lazy.flatMap(\.conditions).reduce(0, { $0 + $1.termCount }) <= Self.maximumTerms
        else { throw .tooLarge }
        self.rules = rules
        self.source = source
        externalLists = rules.flatMap(\.conditions).reduce(into: []) { all, condition in
            if case .externalList(let lists) = condition { all.formUnion(lists) }
        }
        usesSphere = rules.contains { $0.conditions.contains { if case .sphere = $0 { true } else { false } } }
    }
}
