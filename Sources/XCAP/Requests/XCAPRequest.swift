import Primitives

/// A request as the HTTP server hands it over: what of it matters, in types.
package struct XCAPRequest: Hashable, Sendable {
    /// What is to be done.
    package var method: XCAPMethod
    /// What follows the XCAP root's path, still percent-encoded.
    package var path: String
    /// What follows the question mark, still percent-encoded; nil when there is none.
    package var query: String?
    /// The value of `Content-Type`.
    package var contentType: String?
    /// The value of `If-Match`. One that can't be read is a 400, which the HTTP server answers.
    package var ifMatch: EntityTagCondition?
    /// The value of `If-None-Match`, likewise.
    package var ifNoneMatch: EntityTagCondition?
    /// Empty for all methods but PUT.
    package var body: [UInt8]
    /// Who has proved who they are; nil for nobody.
    package var user: AddressOfRecord?

    package init(
        _ method: XCAPMethod, path: String, query: String? = nil, contentType: String? = nil,
        ifMatch: EntityTagCondition? = nil, ifNoneMatch: EntityTagCondition? = nil, body: [UInt8] = [],
        user: AddressOfRecord? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.contentType = contentType
        self.ifMatch = ifMatch
        self.ifNoneMatch = ifNoneMatch
        self.body = body
        self.user = user
    }

    /// Whether the body is of a type. Parameters such as a charset don't count: what the bytes are is checked by itself.
    func isOfType(_ type: String) -> Bool {
        guard let contentType else { return false }
        let essence = contentType.prefix { $0 != ";" && $0 != " " && $0 != "\t" }
        return essence.lowercased() == type.lowercased()
    }
}
