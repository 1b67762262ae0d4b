import XCAP

/// An XCAP request that is known to be allowed and waits for documents.
struct DocumentCall: Sendable {
    var id: XCAPCallID
    var request: XCAPRequest
    /// What it is about: never ``DocumentSource/none``.
    var source: DocumentSource
    /// How often its change was worked out.
    var attempts = 0
    /// How often it waited for parts.
    var fetches = 0

    /// Whether it is answered alike whatever the document is now: it puts another in its place.
    var replacesWhole: Bool {
        request.method == .put && request.ifMatch == nil && request.ifNoneMatch == nil && !request.path.contains("~~")
    }
}
