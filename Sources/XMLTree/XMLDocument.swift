/// An XML document: one root element. Comments and instructions around it are not kept.
package struct XMLDocument: Hashable, Sendable {
    package var root: XMLElement

    package init(root: XMLElement) { self.root = root }

    /// Parses bytes from outside, in any encoding that libxml2 knows.
    ///
    /// There is no network, no file, no document type and so no entity but XML's own five; whatever exceeds the
    /// limits is refused, not cut.
    package init(parsing bytes: some Collection<UInt8>, limits: XMLLimits = .standard) throws(XMLError) {
        guard bytes.count <= limits.size else { throw .tooLarge }
        root = try XMLReader.read(Array(bytes), depth: limits.depth)
    }

    /// The document in UTF-8 with an XML declaration: the same tree always gives the same bytes.
    package var serialized: [UInt8] {
        var writer = XMLWriter()
        writer.begin()
        writer.write(root)
        return writer.bytes
    }
}
