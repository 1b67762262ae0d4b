/// One operation of a patch, read but not applied (RFC 5261 §4).
struct XMLPatchOperation: Hashable, Sendable {
    enum Position: String, Hashable, Sendable {
        case before, after, prepend
    }

    enum Directive: Hashable, Sendable {
        /// Nodes; with nil they go behind all that the located element holds.
        case add(Position?)
        /// An attribute with the prefix that it has in the diff document.
        case addAttribute(XMLName, prefix: String)
        case addNamespace(prefix: String)
        case replace
        /// The node, with the white space before and after it if that is asked for.
        case remove(before: Bool, after: Bool)
    }

    var selector: XMLPatchSelector
    var directive: Directive
    /// The new nodes.
    var content: [XMLNode]
    /// The operation as it was written, for error reports.
    var element: XMLElement

    /// - Parameters:
    ///   - namespace: that of the format which includes the operations.
    ///   - outer: what prefixes stand for in the diff document around the operation.
    init(
        _ element: XMLElement, namespace: String, in outer: NamespaceScope, limits: XMLPatchLimits
    ) throws(XMLPatchError) {
        self.element = element
        content = element.children
        var scope = outer
        scope.enter(element)
        guard element.name.namespace == namespace else {
            throw XMLPatchError(.invalidPatchDirective, "\(element.name) is no operation")
        }
        guard let selected = element[attribute: XMLName("sel")] else {
            throw XMLPatchError(.invalidAttributeValue, "an operation needs a selector")
        }
        selector = try XMLPatchSelector(selected, in: scope, limits: limits)
        switch element.name.local {
        case "add": directive = try Self.addition(element, scope)
        case "replace": directive = .replace
        case "remove":
            directive = try Self.removal(element)
            // RFC 5261 §8: it is empty.
            guard content.allSatisfy(\.isIgnorable) else { throw Self.notAllowed }
        default: throw XMLPatchError(.invalidPatchDirective, "\(element.name) is no operation")
        }
    }

    static var notAllowed: XMLPatchError {
        XMLPatchError(.invalidPatchDirective, "the operation is not one for such a node")
    }

    /// RFC 5261 §4.3: what `type` and `pos` say.
    private static func addition(_ element: XMLElement, _ scope: NamespaceScope) throws(XMLPatchError) -> Directive {
        let position = element[attribute: XMLName("pos")]
        guard let type = element[attribute: XMLName("type")] else {
            guard let position else { return .add(nil) }
            guard let known = Position(rawValue: position) else {
                throw XMLPatchError(.invalidAttributeValue, "pos is before, after or prepend")
            }
            return .add(known)
        }
        guard position == nil else { throw XMLPatchError(.invalidPatchDirective, "type and pos exclude each other") }
        var scanner = SelectorScanner(type)
        if scanner.take("@"), let name = scanner.qualifiedName(), scanner.isAtEnd {
            let expanded = try XMLPatchSelector.expand(name, in: scope, isAttribute: true)
            guard name.local != "xmlns" || !name.prefix.isEmpty else { throw notAllowed }
            return .addAttribute(expanded, prefix: name.prefix)
        }
        if scanner.take("namespace::"), let name = scanner.qualifiedName(), scanner.isAtEnd, name.prefix.isEmpty {
            // Namespaces in XML 1.0 §3: what these two stand for can't be changed.
            guard name.local != "xml", name.local != "xmlns" else {
                throw XMLPatchError(.invalidNamespacePrefix, "\(name.local) can't be declared")
            }
            return .addNamespace(prefix: name.local)
        }
        throw XMLPatchError(.invalidAttributeValue, "type is no attribute and no namespace")
    }

    private static func removal(_ element: XMLElement) throws(XMLPatchError) -> Directive {
        switch element[attribute: XMLName("ws")] {
        case nil: .remove(before: false, after: false)
        case "before": .remove(before: true, after: false)
        case "after": .remove(before: false, after: true)
        case "both": .remove(before: true, after: true)
        default: throw XMLPatchError(.invalidAttributeValue, "ws is before, after or both")
        }
    }

    /// The content where it has to be text: that of an attribute, a namespace or a text node.
    func text() throws(XMLPatchError) -> String {
        switch content.first {
        case nil: return ""
        case .text(let text) where content.count == 1: return text
        default: throw XMLPatchError(.invalidNodeTypes, "the content has to be text")
        }
    }
}
