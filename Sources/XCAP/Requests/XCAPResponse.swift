/// What to answer.
package struct XCAPResponse: Hashable, Sendable {
    /// The HTTP status code. With 401 the HTTP server sends its challenge along.
    package var status: Int
    /// Of the document as it is after the request.
    package var entityTag: EntityTag?
    /// nil when there is no body.
    package var contentType: String?
    /// The methods that are allowed, with a 405.
    package var allow: [XCAPMethod]
    /// Empty where there is none.
    package var body: [UInt8]

    package init(
        status: Int, entityTag: EntityTag? = nil, contentType: String? = nil, allow: [XCAPMethod] = [],
        body: [UInt8] = []
    ) {
        self.status = status
        self.entityTag = entityTag
        self.contentType = contentType
        self.allow = allow
        self.body = body
    }

    /// The header fields, but for those about the length and the connection.
    package var fields: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        if let contentType { fields.append(("Content-Type", contentType)) }
        if let entityTag { fields.append(("ETag", entityTag.description)) }
        // A cache does not know that changing one node changes others, and here everything is written by clients, so
        // RFC 4825 §9 wants caches to ask again each time.
        if entityTag != nil { fields.append(("Cache-Control", "no-cache")) }
        if !allow.isEmpty { fields.append(("Allow", allow.map(\.description).joined(separator: ", "))) }
        return fields
    }
}
