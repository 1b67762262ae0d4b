import Identity
import Primitives

/// The keys of a user under which nodes store documents that they can neither read nor name (docs/protocol.md §5.5).
struct DocumentSecrets: Sendable {
    private let paths: SymmetricKey
    private let contents: SymmetricKey

    init(of identity: UserIdentity) {
        paths = identity.secret(context: "document paths")
        contents = identity.secret(context: "document contents")
    }

    /// The key of the record that holds the document at a path.
    func key(of path: String) -> [UInt8] { paths.derived(context: path).bytes }

    /// The value of a record. Two gateways may write with one sequence, so that the nonce has to be random.
    func seal(_ content: DocumentContent, random: inout RandomSource) -> [UInt8] {
        contents.seal(content.encode(), authenticating: key(of: content.path), random: &random)
    }

    /// - Returns: nil for what was not sealed with these keys for just this record.
    func open(_ value: [UInt8], ofKey key: [UInt8]) -> DocumentContent? {
        guard let plaintext = contents.open(value, authenticating: key),
            let content = try? DocumentContent(decoding: plaintext), self.key(of: content.path) == key
        else { return nil }
        return content
    }
}
