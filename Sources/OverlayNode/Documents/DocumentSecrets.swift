import Identity
import Primitives

/// The keys of a user under which nodes store documents that they can neither read nor name (docs/protocol.md §5.5).
struct DocumentSecrets: Sendable {
    private let paths: SymmetricKey
    private let contents: SymmetricKey
    private let parts: SymmetricKey

    init(of identity: UserIdentity) {
        paths = identity.secret(context: "document paths")
        contents = identity.secret(context: "document contents")
        parts = identity.secret(context: "document parts")
    }

    /// The key of the record that holds the document at a path.
    func key(of path: String) -> [UInt8] { paths.derived(context: path).bytes }

    /// The value of a record. Two gateways may write with one sequence, so that the nonce has to be random.
    func seal(_ value: DocumentValue, random: inout RandomSource) -> [UInt8] {
        contents.seal(value.encode(), authenticating: key(of: value.path), random: &random)
    }

    /// - Returns: nil for what was not sealed with these keys for just this record.
    func open(_ sealed: [UInt8], ofKey key: [UInt8]) -> DocumentValue? {
        guard let plaintext = contents.open(sealed, authenticating: key),
            let value = try? DocumentValue(decoding: plaintext), self.key(of: value.path) == key
        else { return nil }
        return value
    }

    // MARK: Parts

    /// The key of the record that holds a part: it follows from what is in it, so that whoever has the head knows
    /// whether a part is the right one.
    func key(ofPart index: Int, _ bytes: [UInt8], salt: [UInt8]) -> [UInt8] {
        parts.derived(context: salt + [UInt8(truncatingIfNeeded: index)] + bytes).bytes
    }

    func sealPart(_ bytes: [UInt8], ofKey key: [UInt8], random: inout RandomSource) -> [UInt8] {
        contents.seal(bytes, authenticating: key, random: &random)
    }

    /// - Returns: nil for what is not the part that the key stands for.
    func openPart(_ index: Int, of document: DocumentParts, _ sealed: [UInt8]) -> [UInt8]? {
        guard let bytes = contents.open(sealed, authenticating: document.keys[index]),
            key(ofPart: index, bytes, salt: document.salt) == document.keys[index]
        else { return nil }
        return bytes
    }
}
