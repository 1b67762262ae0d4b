import XMLTree

extension SelectorStep {
    /// Reads one step: a name or `*`, then perhaps `[position]`, then perhaps `[@name="value"]`, in that order.
    ///
    /// RFC 4825 §6.3 lets a step be an extension-selector of nearly any text; none is defined that this server knows, and
    /// §8 wants 404 for those. So whatever does not fit the grammar is `unknown`.
    init(_ text: Substring, _ bindings: NamespaceBindings) throws(SelectorError) {
        let test = text.prefix { $0 != "[" }
        var predicates = text[test.endIndex...]
        self.text = String(text)
        if test == "*" {
            name = nil
        } else {
            guard let written = QualifiedName(test) else { throw .unknown }
            name = try bindings.expand(written, isAttribute: false)
        }
        position = try Self.position(&predicates)
        attribute = try Self.attribute(&predicates, bindings)
        guard predicates.isEmpty else { throw .unknown }
    }

    /// A position without `[` and `]` is digits only. Nine of them are more than any document has elements.
    private static func position(_ predicates: inout Substring) throws(SelectorError) -> Int? {
        guard predicates.hasPrefix("["), !predicates.hasPrefix("[@") else { return nil }
        let digits = predicates.dropFirst().prefix { "0123456789".contains($0) }
        let rest = predicates[digits.endIndex...]
        guard digits.count <= 9, let position = Int(digits), rest.first == "]" else { throw .unknown }
        predicates = rest.dropFirst()
        return position
    }

    private static func attribute(
        _ predicates: inout Substring, _ bindings: NamespaceBindings
    ) throws(SelectorError) -> AttributeTest? {
        guard predicates.hasPrefix("[@"), predicates.last == "]" else { return nil }
        let test = predicates.dropFirst(2).dropLast()
        guard let equals = test.firstIndex(of: "="), let written = QualifiedName(test[..<equals]),
            let value = AttributeLiteral.value(of: test[test.index(after: equals)...])
        else { throw .unknown }
        predicates = ""
        return AttributeTest(name: try bindings.expand(written, isAttribute: true), value: value)
    }
}

extension NamespaceBindings {
    /// A prefix that the query does not bind makes the request a bad one (RFC 4825 §8).
    func expand(_ written: QualifiedName, isAttribute: Bool) throws(SelectorError) -> XMLName {
        guard let namespace = namespace(ofPrefix: written.prefix, isAttribute: isAttribute) else {
            throw .malformed("the prefix \(written.prefix) is not bound")
        }
        return XMLName(written.local, in: namespace)
    }
}
