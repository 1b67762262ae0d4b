import XMLTree

/// Which node of a document a request is about (RFC 4825 §6.3).
struct NodeSelector: Hashable, Sendable {
    /// What a selector ends in when it selects no element.
    enum Terminal: Hashable, Sendable {
        /// An attribute of the element.
        case attribute(XMLName)
        /// The namespace bindings in scope for the element.
        case namespaces
    }

    /// From the root of the document on; never empty.
    let steps: [SelectorStep]
    /// nil selects the element of the last step.
    let terminal: Terminal?

    /// - Parameters:
    ///   - encoded: what follows `~~/` in the URI.
    ///   - depth: the most steps.
    init(_ encoded: String, bindings: NamespaceBindings, depth: Int) throws(SelectorError) {
        guard let text = PercentEncoding.decode(encoded) else { throw .malformed("a percent-encoding is not UTF-8") }
        var parts = Self.parts(of: text)
        guard parts.count <= depth + 1 else { throw .tooLong }
        terminal = try parts.count > 1 ? Self.terminal(parts[parts.count - 1], bindings) : nil
        if terminal != nil { parts.removeLast() }
        var steps: [SelectorStep] = []
        for part in parts { steps.append(try SelectorStep(part, bindings)) }
        guard !steps.isEmpty, steps.count <= depth else { throw .tooLong }
        self.steps = steps
    }

    /// The text between slashes. Decoding came before, so that a slash within the quotes of an attribute's value may be
    /// escaped or not; inside quotes it separates nothing.
    private static func parts(of text: String) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var quote: UInt8?
        // Bytes, not Characters: a combining mark after a quote would hide it.
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "/") {
                parts.append(text[start..<index])
                start = text.utf8.index(after: index)
            }
        }
        return parts + [text[start...]]
    }

    private static func terminal(
        _ text: Substring, _ bindings: NamespaceBindings
    ) throws(SelectorError) -> Terminal? {
        if text == "namespace::*" { return .namespaces }
        guard text.first == "@" else { return nil }
        guard let written = QualifiedName(text.dropFirst()) else { throw .unknown }
        return .attribute(try bindings.expand(written, isAttribute: true))
    }
}
