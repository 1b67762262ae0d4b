extension XMLPatchSelector {
    /// - Parameters:
    ///   - text: the value of `sel`, of the grammar in RFC 5261 §8.
    ///   - scope: what prefixes stand for where it is written. RFC 5261 §4.2.1: a name without one is in the default
    ///     namespace of the diff document, other than in XPath.
    init(_ text: String, in scope: NamespaceScope, limits: XMLPatchLimits) throws(XMLPatchError) {
        guard text.utf8.count <= limits.selector else {
            throw XMLPatchError(.invalidAttributeValue, "the selector is too long")
        }
        var scanner = SelectorScanner(text)
        _ = scanner.take("/")
        if scanner.take("id(") {
            // Schemas also admit id() without an argument, which selects nothing.
            guard let name = scanner.literal(), QualifiedName.isUnprefixed(name), scanner.take(")") else {
                throw Self.malformed
            }
            identifier = name
            if scanner.isAtEnd { return }
            guard scanner.take("/") else { throw Self.malformed }
        }
        while true {
            if let end = try Self.terminal(&scanner, scope) {
                terminal = end
                break
            }
            steps.append(try Self.step(&scanner, scope, limits))
            guard steps.count <= limits.document.depth else { throw Self.malformed }
            if scanner.isAtEnd { break }
            guard scanner.take("/") else { throw Self.malformed }
        }
        guard scanner.isAtEnd else { throw Self.malformed }
    }

    static var malformed: XMLPatchError { XMLPatchError(.invalidAttributeValue, "the selector is not of the grammar") }

    /// The namespace of a name in a selector or a `type`.
    static func expand(
        _ name: QualifiedName, in scope: NamespaceScope, isAttribute: Bool = false
    ) throws(XMLPatchError) -> XMLName {
        guard let expanded = scope.expand(name, isAttribute: isAttribute) else {
            throw XMLPatchError(.invalidNamespacePrefix, "the prefix \(name.prefix) is not declared")
        }
        return expanded
    }

    private static func terminal(
        _ scanner: inout SelectorScanner, _ scope: NamespaceScope
    ) throws(XMLPatchError) -> Terminal? {
        if scanner.take("text()") { return .text(position: try position(&scanner)) }
        if scanner.take("comment()") { return .comment(position: try position(&scanner)) }
        if scanner.take("processing-instruction(") {
            let target = scanner.literal()
            guard scanner.take(")"), target.map(QualifiedName.isUnprefixed) ?? true else { throw malformed }
            return .instruction(target: target, position: try position(&scanner))
        }
        if scanner.take("@") {
            guard let name = scanner.qualifiedName() else { throw malformed }
            return .attribute(try expand(name, in: scope, isAttribute: true))
        }
        if scanner.take("namespace::") {
            guard let name = scanner.qualifiedName(), name.prefix.isEmpty else { throw malformed }
            return .namespace(prefix: name.local)
        }
        return nil
    }

    private static func step(
        _ scanner: inout SelectorScanner, _ scope: NamespaceScope, _ limits: XMLPatchLimits
    ) throws(XMLPatchError) -> Step {
        var step = Step()
        if !scanner.take("*") {
            guard let name = scanner.qualifiedName() else { throw malformed }
            step.name = try expand(name, in: scope)
        }
        while let predicate = try predicate(&scanner, scope) {
            step.predicates.append(predicate)
            guard step.predicates.count <= limits.predicates else { throw malformed }
        }
        return step
    }

    private static func predicate(
        _ scanner: inout SelectorScanner, _ scope: NamespaceScope
    ) throws(XMLPatchError) -> Predicate? {
        if let position = try position(&scanner) { return .position(position) }
        guard scanner.take("[") else { return nil }
        let isAttribute = scanner.take("@")
        var name: XMLName?
        if isAttribute || !scanner.take(".") {
            guard let written = scanner.qualifiedName() else { throw malformed }
            name = try expand(written, in: scope, isAttribute: isAttribute)
        }
        guard scanner.take("="), let value = scanner.literal(), scanner.take("]") else { throw malformed }
        guard isAttribute, let name else { return .value(of: name, equals: value) }
        return .attribute(name, equals: value)
    }

    /// `[2]`; nil, with nothing taken, when no positional constraint is next.
    private static func position(_ scanner: inout SelectorScanner) throws(XMLPatchError) -> Int? {
        var ahead = scanner
        guard ahead.take("["), let digits = ahead.digits() else { return nil }
        // Nine digits are more than any document has nodes.
        guard ahead.take("]"), digits.utf8.count <= 9, let position = Int(digits) else { throw malformed }
        scanner = ahead
        return position
    }
}
