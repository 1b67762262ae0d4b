/// What the HTTP server is to send back.
package struct XCAPAnswer: Hashable, Sendable {
    /// The HTTP status code.
    package var status: Int
    /// All header fields but those about the length and the connection.
    package var fields: [XCAPCall.Field]
    package var body: [UInt8]

    package init(status: Int, fields: [XCAPCall.Field] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
