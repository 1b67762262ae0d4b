import XCAP

/// An XCAP request that is known to be allowed and waits for documents.
struct DocumentCall: Sendable {
    var id: XCAPCallID
    var request: XCAPRequest
    /// What it is about: never ``DocumentSource/none``.
    var source: DocumentSource
}
