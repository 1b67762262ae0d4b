/// What comes of a request: the answer, and what is to be done to the document before it is sent.
///
/// The caller makes the change only if the document still bears the tag `basis`, or still does not exist where that is
/// nil; if another writer was faster, it fetches the document and asks again. This is a compare-and-swap, and the only
/// thing about concurrency that XCAP needs.
package struct XCAPOutcome: Hashable, Sendable {
    /// What becomes of a document.
    package enum Change: Hashable, Sendable {
        case store(StoredDocument)
        case delete
    }

    /// What to send once the change is made.
    package var response: XCAPResponse
    /// nil when the document stays as it is, to the byte.
    package var change: Change?
    /// The tag of the document that all of this was worked out from; nil when there was none.
    package var basis: EntityTag?

    package init(response: XCAPResponse, change: Change? = nil, basis: EntityTag? = nil) {
        self.response = response
        self.change = change
        self.basis = basis
    }
}
