import Primitives

/// An HTTP request below the XCAP root, as the HTTP server received it: nothing in it is believed yet.
package struct XCAPCall: Hashable, Sendable {
    /// The method's name.
    package var method: String
    /// What follows the XCAP root's path, still percent-encoded, without the query.
    package var path: String
    /// What follows the question mark, still percent-encoded; nil when there is none.
    package var query: String?
    /// The request target as it stands in the request line: digest credentials are bound to it (RFC 7616 §3.4).
    package var target: String
    /// The header fields, names in lower case, in the order received.
    package var fields: [Field]
    package var body: [UInt8]
    /// Where the request came from.
    package var remote: IPAddress

    /// A header field.
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(
        method: String, path: String, query: String? = nil, target: String, fields: [Field] = [], body: [UInt8] = [],
        remote: IPAddress
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.target = target
        self.fields = fields
        self.body = body
        self.remote = remote
    }

    /// The value of a header field; the first if there are several.
    package subscript(field name: String) -> String? { fields.first { $0.name == name }?.value }
}
