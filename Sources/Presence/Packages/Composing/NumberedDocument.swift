/// The beginning of documents that are numbered for each subscription: the root's `version` stands at the same place in
/// all documents of a type, so that one document serves all subscriptions (RFC 4235 §4.1, RFC 3680 §5.1).
struct NumberedDocument: Sendable {
    private let opening: [UInt8]

    /// - Parameters:
    ///   - root: the name of the root element.
    ///   - namespace: the default namespace from there on.
    init(root: String, namespace: String) {
        opening = Array(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(root) xmlns=\"\(namespace)\" version=\"".utf8)
    }

    /// A document under the number 0.
    /// - Parameter rest: what comes behind `version` in the start tag, and all after it.
    func document(_ rest: String) -> [UInt8] { opening + "0\" ".utf8 + rest.utf8 }

    /// The same document under another number; what was not written by ``document(_:)`` stays as it is.
    func numbered(_ document: [UInt8], _ version: UInt32) -> [UInt8] {
        guard document.starts(with: opening),
            let end = document[opening.count...].firstIndex(of: UInt8(ascii: "\""))
        else { return document }
        return opening + String(version).utf8 + document[end...]
    }
}
