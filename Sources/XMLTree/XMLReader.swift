import CXML

/// Builds a tree out of what the parser tells.
///
/// A class, because C hands it back by its address; it lives for one call and is never shared.
final class XMLReader {
    /// The elements that are open, the outermost first.
    private var open: [XMLElement] = []
    private var root: XMLElement?
    /// Characters not yet put into the tree: the parser may hand a run of them over in pieces.
    private var pendingText: [UInt8] = []
    /// The strings already made of a name. libxml2 keeps each name of a document once, so its address stands for it.
    private var names: [UnsafePointer<CChar>: String] = [:]

    static func read(_ bytes: [UInt8], depth: Int) throws(XMLError) -> XMLElement {
        let reader = XMLReader()
        var handler = cxml_handler()
        // Unretained is sound: `reader` outlives cxml_parse, which calls back only while it runs.
        handler.context = Unmanaged.passUnretained(reader).toOpaque()
        handler.start = { context, local, prefix, uri, declarations, declarationCount, attributes, attributeCount in
            XMLReader.of(context).start(
                local!, prefix, uri, UnsafeBufferPointer(start: declarations, count: declarationCount),
                UnsafeBufferPointer(start: attributes, count: attributeCount))
        }
        handler.end = { XMLReader.of($0).end() }
        handler.text = { context, text, count in
            XMLReader.of(context).pendingText.append(
                contentsOf: UnsafeRawBufferPointer(start: text, count: count))
        }
        handler.comment = { XMLReader.of($0).add(.comment(String(cString: $1!))) }
        handler.instruction = {
            XMLReader.of($0).add(.instruction(target: String(cString: $1!), String(cString: $2!)))
        }
        var error = cxml_error()
        let status = withExtendedLifetime(reader) {
            cxml_parse(bytes, bytes.count, UInt32(depth), &handler, &error)
        }
        switch status {
        case CXML_OK: break
        case CXML_HAS_DOCTYPE: throw .hasDocumentType
        case CXML_TOO_DEEP: throw .tooDeep
        case CXML_NO_MEMORY: throw .outOfMemory
        default: throw .notWellFormed(line: Int(error.line), message(of: error))
        }
        guard let root = reader.root else { throw .notWellFormed(line: 1, "there is no element") }
        return root
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> XMLReader {
        Unmanaged<XMLReader>.fromOpaque(context!).takeUnretainedValue()
    }

    private static func message(of error: cxml_error) -> String {
        withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private func name(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer else { return "" }
        if let known = names[pointer] { return known }
        let made = String(cString: pointer)
        names[pointer] = made
        return made
    }

    private func start(
        _ local: UnsafePointer<CChar>, _ prefix: UnsafePointer<CChar>?, _ uri: UnsafePointer<CChar>?,
        _ declarations: UnsafeBufferPointer<cxml_declaration>, _ attributes: UnsafeBufferPointer<cxml_attribute>
    ) {
        flushText()
        var element = XMLElement(XMLName(name(local), in: name(uri)), prefix: name(prefix))
        // These are written out rather than interned: a declaration's name may be a constant of C's, not a name
        // in the parser's table.
        element.declarations = declarations.map {
            XMLDeclaration(prefix: name($0.prefix), namespace: String(cString: $0.uri))
        }
        element.attributes = attributes.map {
            let value = UnsafeRawBufferPointer(start: $0.value, count: $0.value_length)
            return XMLAttribute(
                XMLName(name($0.local), in: name($0.uri)), prefix: name($0.prefix),
                value: String(decoding: value, as: UTF8.self))
        }
        open.append(element)
    }

    private func end() {
        flushText()
        let closed = open.removeLast()
        if open.isEmpty { root = closed } else { open[open.count - 1].append(closed) }
    }

    private func add(_ node: XMLNode) {
        flushText()
        if !open.isEmpty { open[open.count - 1].children.append(node) }
    }

    private func flushText() {
        guard !pendingText.isEmpty else { return }
        if !open.isEmpty { open[open.count - 1].append(text: String(decoding: pendingText, as: UTF8.self)) }
        pendingText.removeAll(keepingCapacity: true)
    }
}
