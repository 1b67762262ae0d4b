import OverlayNode

extension XCAPAnswer {
    /// What a request gets that can't be answered now (RFC 9110 §15.6.4), with the seconds after which to try again.
    static let unavailable = XCAPAnswer(status: 503, fields: [.init("retry-after", "10")])
}
