import Primitives
import SIPMessages

/// What a Record-Route URI of ours says in its user part: that the dialog came by here, and how to get back to the
/// side that it faces.
///
/// RFC 3261 §16.6 step 4: such a URI may carry state of the proxy; RFC 5626 §5.3: a flow token names the connection
/// that leads to a user agent, and is sealed so that nobody can make one up. The Call-ID is sealed with it: a token
/// that was seen in one dialog opens no other. But the Call-ID is the caller's choice, so the token also names both
/// ends that the dialog had, as hosts or nodes: it leads nowhere else.
struct RouteToken: Hashable, Sendable {
    /// The way back to the side that the URI faces; nil when its contact address leads there.
    var flow: Flow?
    /// Whether the dialog is a call for help: nobody in it is asked for a password.
    let isEmergency: Bool
    /// Marks of the two sides between which the dialog was set up, as ``mark(of:key:)`` makes them.
    private let ends: [UInt8]

    private static let sealLength = 8
    /// Both ends by IPv6, and the longest name of a domain.
    private static let maximumLength = 560
    /// Long enough that nobody finds another address with the same mark, of which only this node knows the key.
    private static let markLength = 6

    /// - Parameters:
    ///   - flow: the way back to the side that the URI faces, if it is to be kept.
    ///   - ends: where the request that sets the dialog up came from and where it goes.
    init(flow: Flow?, between ends: (Remote, Remote), isEmergency: Bool = false, key: [UInt8]) {
        self.flow = flow
        self.isEmergency = isEmergency
        self.ends = Self.mark(of: ends.0, key: key) + Self.mark(of: ends.1, key: key)
    }

    func text(callID: String, key: [UInt8]) -> String {
        let content = ends + (flow?.encode() ?? [])
        return Base32.encode(content + Self.seal(content, callID: callID, isEmergency: isEmergency, key: key))
    }

    /// Whether the dialog was set up from or to this host or node; ports may differ.
    func leads(to remote: Remote, key: [UInt8]) -> Bool {
        let mark = Self.mark(of: remote, key: key)
        return ends.prefix(Self.markLength).elementsEqual(mark) || ends.suffix(Self.markLength).elementsEqual(mark)
    }

    private static func mark(of remote: Remote, key: [UInt8]) -> [UInt8] {
        var writer = ByteWriter(reserving: 40)
        writer.string16("end")
        switch remote {
        case .endpoint(let endpoint):
            writer.uint64(endpoint.address.high)
            writer.uint64(endpoint.address.low)
        case .node(let node): writer.append(node.bits.bytes)
        }
        return Array(Digest.hmacSHA256(key: key, writer.bytes).prefix(markLength))
    }

    /// - Returns: nil unless the text is a token of this key and dialog.
    init?(_ text: String, callID: String, key: [UInt8]) {
        guard text.utf8.count <= Self.maximumLength, let bytes = Base32.decode(text),
            bytes.count >= 2 * Self.markLength + Self.sealLength
        else { return nil }
        let content = Array(bytes.dropLast(Self.sealLength))
        let seal = Array(bytes.suffix(Self.sealLength))
        // Which of the two seals it bears says which kind of token it is.
        guard
            let kind = [false, true].first(where: {
                Digest.areEqual(seal, Self.seal(content, callID: callID, isEmergency: $0, key: key))
            })
        else { return nil }
        isEmergency = kind
        ends = Array(content.prefix(2 * Self.markLength))
        guard content.count > ends.count else { return }
        guard let flow = try? Flow(decoding: Array(content.dropFirst(ends.count))) else { return nil }
        self.flow = flow
    }

    private static func seal(_ content: [UInt8], callID: String, isEmergency: Bool, key: [UInt8]) -> [UInt8] {
        Array(Digest.hmacSHA256(key: key, content + [isEmergency ? 1 : 0] + Array(callID.utf8)).prefix(sealLength))
    }
}
