import XMLTree

/// What the prefixes in a node selector stand for (RFC 4825 §6.4).
struct NamespaceBindings: Hashable, Sendable {
    /// The default document namespace of the application usage; it goes for element names without a prefix, never for
    /// attributes (RFC 4825 §5.2 and §6.3).
    let defaultNamespace: String
    private var namespaces = ["xml": XMLName.xmlNamespace]

    /// - Parameter query: XPointer expressions, percent-encoded. Those of the `xmlns()` scheme bind prefixes, all others
    ///   are passed over, as RFC 4825 §6.4 demands. Where a prefix is bound twice the later one goes.
    init(defaultNamespace: String, query: String?) throws(SelectorError) {
        self.defaultNamespace = defaultNamespace
        guard let query else { return }
        guard let text = PercentEncoding.decode(query) else { throw .malformed("a percent-encoding is not UTF-8") }
        var rest = text[...]
        while true {
            rest = rest.drop(while: Self.isSpace)
            guard !rest.isEmpty else { return }
            guard let opening = rest.firstIndex(of: "(") else { throw .malformed("the query is no XPointer") }
            let scheme = rest[..<opening]
            rest = rest[rest.index(after: opening)...]
            guard QualifiedName(scheme) != nil, let content = Self.content(of: &rest) else {
                throw .malformed("the query is no XPointer")
            }
            if scheme == "xmlns" { try bind(content) }
        }
    }

    /// The namespace of a name in the selector; nil when its prefix is not bound.
    func namespace(ofPrefix prefix: String, isAttribute: Bool) -> String? {
        if prefix.isEmpty { return isAttribute ? "" : defaultNamespace }
        return namespaces[prefix]
    }

    /// `prefix=namespace`, with space around the equals sign allowed (XPointer xmlns() Scheme §3). What `xml` and `xmlns`
    /// stand for can't be changed.
    private mutating func bind(_ binding: String) throws(SelectorError) {
        let parts = binding.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .malformed("xmlns() binds nothing") }
        let prefix = String(parts[0].drop(while: Self.isSpace).reversed().drop(while: Self.isSpace).reversed())
        guard QualifiedName.isUnprefixed(prefix) else { throw .malformed("xmlns() binds no prefix") }
        if prefix == "xml" || prefix == "xmlns" { return }
        namespaces[prefix] = String(parts[1].drop(while: Self.isSpace))
    }

    /// Reads up to the parenthesis that ends an expression. Parentheses inside are balanced; `^` stands before one that is
    /// not, and before itself (XPointer Framework §3.1).
    private static func content(of rest: inout Substring) -> String? {
        var content = ""
        var depth = 1
        while let character = rest.popFirst() {
            switch character {
            case "^":
                guard let escaped = rest.popFirst(), "^()".contains(escaped) else { return nil }
                content.append(escaped)
                continue
            case "(": depth += 1
            case ")": depth -= 1
            default: break
            }
            if depth == 0 { return content }
            content.append(character)
        }
        return nil
    }

    /// A carriage return and the line feed behind it are one Character.
    private static func isSpace(_ character: Character) -> Bool { [" ", "\t", "\r", "\n", "\r\n"].contains(character) }
}
