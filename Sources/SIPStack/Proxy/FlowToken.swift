import Primitives
import SIPMessages

/// What the Path of a registration that passed here says in its user part: the flow to the user agent (RFC 5626 §5.2).
///
/// It comes back in the Route of every request to that user agent, whose Call-ID nobody knows beforehand. The seal is all
/// that keeps strangers from naming flows of their choice; whoever was given one by the registrar may use it.
struct FlowToken: Hashable, Sendable {
    private static let sealLength = 10
    private static let longest = 160

    let flow: Flow

    init(_ flow: Flow) { self.flow = flow }

    func text(key: [UInt8]) -> String {
        let content = flow.encode()
        return Base32.encode(content + Self.seal(content, key: key))
    }

    /// - Returns: nil unless the text is a token of this key.
    init?(_ text: String, key: [UInt8]) {
        guard text.utf8.count <= Self.longest, let bytes = Base32.decode(text), bytes.count > Self.sealLength else {
            return nil
        }
        let content = Array(bytes.dropLast(Self.sealLength))
        guard Digest.areEqual(Array(bytes.suffix(Self.sealLength)), Self.seal(content, key: key)),
            let flow = try? Flow(decoding: content)
        else { return nil }
        self.flow = flow
    }

    private static func seal(_ content: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(Digest.hmacSHA256(key: key, Array("flow".utf8) + content).prefix(sealLength))
    }
}
