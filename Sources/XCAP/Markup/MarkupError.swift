/// Why a document can't be taken apart.
enum MarkupError: Error, Hashable {
    case malformed
    /// More elements, more attributes on one of them, or deeper than ``MarkupScanner`` goes.
    case tooLarge
}
