import Primitives
import SIPMessages

/// What a Record-Route URI of ours says in its user part: that the dialog came by here, and how to get back to the
/// side that it faces.
///
/// RFC 3261 §16.6 step 4: such a URI may carry state of the proxy; RFC 5626 §5.3: a flow token names the connection
/// that leads to a user agent, and is sealed so that nobody can make one up. The Call-ID is sealed with it: a token
/// that was seen in one dialog opens no other.
struct RouteToken: Hashable, Sendable {
    /// The way back to the side that the URI faces; nil when its contact address leads there.
    var flow: Flow?

    private static let sealLength = 8

    func text(callID: String, key: [UInt8]) -> String {
        let content = flow?.encode() ?? []
        return Base32.encode(content + Self.seal(content, callID: callID, key: key))
    }

    init(flow: Flow?) { self.flow = flow }

    /// - Returns: nil unless the text is a token of this key and dialog.
    init?(_ text: String, callID: String, key: [UInt8]) {
        guard text.utf8.count <= 160, let bytes = Base32.decode(text), bytes.count >= Self.sealLength else {
            return nil
        }
        let content = Array(bytes.dropLast(Self.sealLength))
        let seal = Array(bytes.suffix(Self.sealLength))
        guard Digest.areEqual(seal, Self.seal(content, callID: callID, key: key)) else { return nil }
        guard !content.isEmpty else { return }
        guard let flow = try? Flow(decoding: content) else { return nil }
        self.flow = flow
    }

    private static func seal(_ content: [UInt8], callID: String, key: [UInt8]) -> [UInt8] {
        Array(Digest.hmacSHA256(key: key, content + [0] + Array(callID.utf8)).prefix(sealLength))
    }
}
