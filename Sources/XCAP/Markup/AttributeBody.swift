/// The body of a PUT for an attribute (RFC 4825 §8.2.2).
enum AttributeBody {
    /// The literal to put into the document: what the client wrote, quotes included, without white space around it.
    static func literal(_ body: [UInt8]) throws(XCAPFailure) -> [UInt8] {
        guard let text = String(validating: body, as: UTF8.self) else { throw .conflict(ConflictReport(.notUTF8)) }
        let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 10 || byte == 13 }
        var literal = text.utf8[...]
        while let first = literal.first, isSpace(first) { literal.removeFirst() }
        while let last = literal.last, isSpace(last) { literal.removeLast() }
        guard AttributeLiteral.value(of: Substring(literal)) != nil else {
            throw .conflict(ConflictReport(.notXMLAttributeValue))
        }
        return Array(literal)
    }
}
