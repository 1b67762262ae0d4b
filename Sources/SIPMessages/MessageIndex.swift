/// Where everything stands in a message's bytes. All positions count from the first byte of the start line.
struct MessageIndex: Sendable, Equatable {
    /// One header field, folds included.
    struct Field: Sendable, Equatable {
        var nameStart: UInt32
        var valueStart: UInt32
        /// Behind the last byte that is not white space.
        var valueEnd: UInt32
        var nameLength: UInt16
        var header: KnownHeader
    }

    enum Version: Sendable { case two, other }

    /// Whether the start line is a request line; a status line otherwise.
    var isRequest = true
    var version = Version.two
    /// The status code of a response; 0 in a request.
    var status: UInt16 = 0
    var methodEnd: UInt32 = 0
    /// The Request-URI of a request, the reason phrase of a response.
    var textStart: UInt32 = 0
    var textEnd: UInt32 = 0
    /// The first byte of the first header field.
    var fieldsStart: UInt32 = 0
    /// The CR of the empty line behind the header fields.
    var fieldsEnd: UInt32 = 0
    /// Behind that line.
    var bodyStart: UInt32 = 0
    var fields: [Field] = []
    /// What the first Content-Length says; nil when there is none or it is no number that a message could have.
    var contentLength: Int?
}
