import XMLTree

/// Finds where elements and attributes stand in a document.
///
/// The tree of `XMLTree` can't tell, and writing a tree anew would change what a client did not ask to change: XCAP keeps
/// white space, comments, and each namespace declaration, redundant or not (RFC 4825 §6.3 and §8.2.3). So documents are
/// edited as bytes.
///
/// The scanner finds its way through every document that is well-formed and has no document type. Whether one is so the
/// parser decides: the scanner compares no end tag with its start, and gives up only where it knows no further.
struct MarkupScanner {
    private let bytes: [UInt8]
    private var position = 0
    /// The elements that are open, the outermost first.
    private var open: [ElementMarkup] = []
    /// What each prefix stands for where the scanner is, the innermost binding last.
    private var scope: [String: [String]] = ["": [""], "xml": [XMLName.xmlNamespace]]

    /// How many elements have begun.
    private var count = 0
    private var isTooLarge = false

    /// The most elements of a document. The time that validating takes grows with the square of how many stand side by
    /// side: this many take a tenth of a second. A list of a thousand entries has two or three thousand.
    static let mostElements = 6000
    /// The most attributes of an element, declarations of namespaces included; here time grows in the same way.
    static let mostAttributes = 64
    /// How many elements may be open at once. A tree is freed by going down it, which must not use up the stack.
    static let deepest = 256

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The root element.
    static func root(of bytes: [UInt8]) throws(MarkupError) -> ElementMarkup {
        var scanner = MarkupScanner(bytes)
        guard let root = scanner.scan() else { throw scanner.isTooLarge ? .tooLarge : .malformed }
        return root
    }

    private mutating func scan() -> ElementMarkup? {
        while skip(to: "<") {
            if count > Self.mostElements || open.count > Self.deepest { isTooLarge = true }
            if isTooLarge { return nil }
            if starts(with: "<!--") {
                guard skip(past: "-->") else { return nil }
            } else if starts(with: "<![CDATA[") {
                guard skip(past: "]]>") else { return nil }
            } else if starts(with: "<?") {
                guard skip(past: "?>") else { return nil }
            } else if starts(with: "</") {
                guard let closed = endTag() else { return nil }
                if let root = close(closed) { return root }
            } else {
                guard let element = startTag() else { return nil }
                if element.content != nil {
                    open.append(element)
                } else if let root = close(element) {
                    return root
                }
            }
        }
        return nil
    }

    /// Puts a finished element into its parent; returns it when it has none and so is the root.
    private mutating func close(_ element: ElementMarkup) -> ElementMarkup? {
        for declaration in element.declarations { scope[declaration.prefix]?.removeLast() }
        guard !open.isEmpty else { return element }
        open[open.count - 1].elements.append(element)
        return nil
    }

    private mutating func endTag() -> ElementMarkup? {
        let start = position
        guard skip(past: ">"), var element = open.popLast() else { return nil }
        element.content = (element.content?.lowerBound ?? start)..<start
        element.range = element.range.lowerBound..<position
        return element
    }

    /// Reads a start tag or an empty-element tag. The content of an element that has an end tag is empty for now.
    private mutating func startTag() -> ElementMarkup? {
        let start = position
        position += 1
        count += 1
        let qualifiedName = readName()
        var written: [(name: Range<Int>, literal: Range<Int>, start: Int)] = []
        var attributesEnd = position
        while true {
            let before = position
            skipSpace()
            guard position < bytes.count else { return nil }
            if bytes[position] == UInt8(ascii: ">") || bytes[position] == UInt8(ascii: "/") { break }
            guard let attribute = readAttribute() else { return nil }
            written.append((attribute.name, attribute.literal, before))
            if written.count > Self.mostAttributes {
                isTooLarge = true
                return nil
            }
            attributesEnd = position
        }
        let isEmpty = bytes[position] == UInt8(ascii: "/")
        guard skip(past: ">"), let parts = expand(written), let name = QualifiedName(text(qualifiedName)),
            let namespace = scope[name.prefix]?.last
        else { return nil }
        return ElementMarkup(
            name: XMLName(name.local, in: namespace), prefix: name.prefix, qualifiedName: qualifiedName,
            declarations: parts.declarations, attributes: parts.attributes, attributesEnd: attributesEnd,
            content: isEmpty ? nil : position..<position, range: start..<position)
    }

    /// Tells declarations from attributes. An element's own declarations count for its own names, wherever in the tag they
    /// stand (Namespaces in XML 1.0 §6.1).
    private mutating func expand(
        _ written: [(name: Range<Int>, literal: Range<Int>, start: Int)]
    ) -> (declarations: [XMLDeclaration], attributes: [AttributeMarkup])? {
        var declarations: [XMLDeclaration] = []
        var named: [(name: QualifiedName, value: String, range: Range<Int>, literal: Range<Int>)] = []
        for (name, literal, start) in written {
            guard let name = QualifiedName(text(name)), let value = AttributeLiteral.value(of: text(literal)[...])
            else {
                return nil
            }
            if name.prefix == "xmlns" {
                declarations.append(XMLDeclaration(prefix: name.local, namespace: value))
            } else if name.prefix.isEmpty, name.local == "xmlns" {
                declarations.append(XMLDeclaration(namespace: value))
            } else {
                named.append((name, value, start..<literal.upperBound, literal))
            }
        }
        for declaration in declarations { scope[declaration.prefix, default: []].append(declaration.namespace) }
        var attributes: [AttributeMarkup] = []
        for (name, value, range, literal) in named {
            guard let namespace = name.prefix.isEmpty ? "" : scope[name.prefix]?.last else { return nil }
            attributes.append(
                AttributeMarkup(name: XMLName(name.local, in: namespace), value: value, range: range, literal: literal))
        }
        return (declarations, attributes)
    }

    private mutating func readAttribute() -> (name: Range<Int>, literal: Range<Int>)? {
        let name = readName()
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return nil }
        position += 1
        skipSpace()
        guard position < bytes.count else { return nil }
        let start = position
        let quote = bytes[start]
        guard let end = bytes[(start + 1)...].firstIndex(of: quote) else { return nil }
        position = end + 1
        return (name, start..<position)
    }

    private mutating func readName() -> Range<Int> {
        let start = position
        while position < bytes.count, !Self.isSpace(bytes[position]), !"=/>".utf8.contains(bytes[position]) {
            position += 1
        }
        return start..<position
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    private func starts(with text: StaticString) -> Bool {
        let text = text.withUTF8Buffer(Array.init)
        return bytes[position...].starts(with: text)
    }

    private mutating func skip(to byte: Unicode.Scalar) -> Bool {
        guard let found = bytes[position...].firstIndex(of: UInt8(ascii: byte)) else { return false }
        position = found
        return true
    }

    /// Goes to behind the next `end`.
    private mutating func skip(past end: StaticString) -> Bool {
        let end = end.withUTF8Buffer(Array.init)
        while position + end.count <= bytes.count {
            if bytes[position...].starts(with: end) {
                position += end.count
                return true
            }
            position += 1
        }
        return false
    }
}
