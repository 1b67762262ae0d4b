import Primitives
import SIPMessages

/// Makes and reads the temporary GRUUs of a node (RFC 5627 §3.1.2, Appendix A.2).
///
/// Nothing is kept for them: what they say is sealed in them, under a key that outlives the process. RFC 5627 §5.1: no two
/// are the same, and nobody else can tell whether two are for the same user or device.
struct TemporaryGRUUs: Sendable {
    /// The plaintext: epoch and distinguisher, then the user, filled up so that its length tells little.
    private static let fixedLength = 16
    private static let block = 16
    private static let tagLength = 16
    /// A longer user part gets no temporary GRUU.
    private static let longestUser = 128

    private let node: NodeID
    private let sealingKey: [UInt8]
    private let hidingKey: [UInt8]

    init(node: NodeID, secret: [UInt8]) {
        self.node = node
        sealingKey = Digest.hmacSHA256(key: secret, Array("temporary GRUU seal".utf8))
        hidingKey = Digest.hmacSHA256(key: secret, Array("temporary GRUU text".utf8))
    }

    /// A new one for the device of a binding; nil for a binding without one.
    func make(for binding: Binding, random: inout RandomSource) -> SIPURI? {
        let user = Array(binding.aor.user.utf8)
        guard binding.epoch != 0, !user.isEmpty, user.count <= Self.longestUser, !user.contains(0) else { return nil }
        var writer = ByteWriter(reserving: 64)
        writer.uint64(binding.epoch)
        writer.uint64(random.next())
        writer.append(user)
        while writer.bytes.count % Self.block != 0 { writer.uint8(0) }
        // The tag over the plaintext is what the text is hidden with: as the plaintexts all differ, so do the key streams.
        let tag = tag(of: writer.bytes, host: binding.aor.host)
        let token = Base32.encode(tag + masked(writer.bytes, by: tag))
        return SIPURI(
            user: "\(GRUU.temporaryPrefix)\(node.text).\(token)", host: binding.aor.host,
            parameters: Parameters([.init(name: "gr", text: nil)]))
    }

    /// What a URI says that has the form of a temporary GRUU.
    func read(_ uri: SIPURI) -> GRUU {
        let parts = (uri.user ?? "").split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let node = NodeID(text: parts[1]) else { return .invalid }
        guard node == self.node else { return .elsewhere(node) }
        guard parts[2].utf8.count <= 2 * (Self.tagLength + Self.fixedLength + Self.longestUser + Self.block),
            let bytes = Base32.decode(parts[2]), bytes.count > Self.tagLength + Self.fixedLength
        else { return .invalid }
        let tag = Array(bytes.prefix(Self.tagLength))
        let plaintext = masked(Array(bytes.dropFirst(Self.tagLength)), by: tag)
        let host = uri.host.lowercased()
        guard Digest.areEqual(tag, self.tag(of: plaintext, host: host)) else { return .invalid }
        var reader = ByteReader(plaintext)
        guard let epoch = try? reader.uint64(),
            let user = String(validating: plaintext.dropFirst(Self.fixedLength).prefix { $0 != 0 }, as: UTF8.self),
            let aor = AddressOfRecord(user: user, host: host)
        else { return .invalid }
        return .temporary(aor, epoch: epoch)
    }

    private func tag(of plaintext: [UInt8], host: String) -> [UInt8] {
        Array(Digest.hmacSHA256(key: sealingKey, plaintext + [0] + Array(host.utf8)).prefix(Self.tagLength))
    }

    private func masked(_ bytes: [UInt8], by tag: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = []
        var counter: UInt8 = 0
        while stream.count < bytes.count {
            stream += Digest.hmacSHA256(key: hidingKey, tag + [counter])
            counter += 1
        }
        return zip(bytes, stream).map { $0 ^ $1 }
    }
}
