import XCAP

extension XCAPAnswer {
    /// What the XCAP server wants sent.
    init(_ response: XCAPResponse) {
        self.init(
            status: response.status, fields: response.fields.map { XCAPCall.Field($0.name, $0.value) },
            body: response.body)
    }

    /// 503: the client may try again soon (RFC 9110 §15.6.4).
    static let unavailable = XCAPAnswer(status: 503, fields: [XCAPCall.Field("Retry-After", "5")])
}
