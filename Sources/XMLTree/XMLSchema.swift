import CXML

/// A schema in RELAX NG, parsed once and used by any number of threads.
///
/// `@unchecked Sendable` is sound: the pointer never changes, and what it points to is touched only by functions of C
/// that hold its lock while they do so.
package final class XMLSchema: @unchecked Sendable {
    private let schema: OpaquePointer

    /// - Parameter text: a grammar in RELAX NG's XML syntax, which includes no other; it is part of the program, not
    ///   something that a peer sent.
    package init(_ text: String) throws(XMLViolation) {
        var error = cxml_error()
        var text = text
        guard let schema = text.withUTF8({ cxml_schema_parse($0.baseAddress, $0.count, &error) }) else {
            throw XMLViolation(error)
        }
        self.schema = schema
    }

    deinit { cxml_schema_free(schema) }

    /// Checks a document. Whether it is well-formed, and small and flat enough, is to be known before: see
    /// ``XMLDocument/init(parsing:limits:)``.
    package func validate(_ document: [UInt8]) throws(XMLViolation) {
        var error = cxml_error()
        if cxml_schema_validate(schema, document, document.count, &error) != CXML_OK { throw XMLViolation(error) }
    }
}

extension XMLViolation {
    fileprivate init(_ error: cxml_error) {
        let message = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        self.init(line: max(0, Int(error.line)), reason: message.isEmpty ? "not accepted" : message)
    }
}
