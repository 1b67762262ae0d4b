/// How changes of documents are told: the `diff-processing` parameter of `Event: xcap-diff` (RFC 5875 §4.3).
package enum XCAPDiffMode: UInt8, Hashable, Sendable {
    /// That a document is another one, by its entity tags.
    case noPatching
    /// Each version of a document, with what makes it of the one before.
    case patching
    /// What makes the present version of the one that the subscriber knows.
    case aggregate

    /// RFC 5875 §4.3: without the parameter nothing is patched. The same goes for a value that is not known here, as a
    /// notifier may always be simpler than what it is asked for.
    init(parameter: String?) {
        self =
            switch parameter?.lowercased() {
            case "xcap-patching": .patching
            case "aggregate": .aggregate
            default: .noPatching
            }
    }
}
