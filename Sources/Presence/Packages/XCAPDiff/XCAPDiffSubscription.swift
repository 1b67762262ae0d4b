import Primitives

/// What a subscription to XCAP changes knows beyond others (RFC 5875).
struct XCAPDiffSubscription: Hashable, Sendable {
    private(set) var request: XCAPDiffRequest
    private(set) var changes: XCAPDiffChanges
    /// Whether it is known what is there of what was selected; until then there is nothing to notify of.
    var isKnown = false

    init(_ request: XCAPDiffRequest, _ mode: XCAPDiffMode) {
        self.request = request
        changes = XCAPDiffChanges(mode: mode)
    }

    /// A SUBSCRIBE in the dialog (RFC 5875 §4.4, §4.7): the list may be another one, or none is sent and the one before
    /// stays; the mode is that of the last SUBSCRIBE.
    /// - Returns: whether it has to be found out anew what is there.
    mutating func refresh(_ request: XCAPDiffRequest?, _ mode: XCAPDiffMode) -> Bool {
        let request = request ?? self.request
        guard request != self.request || mode != changes.mode else { return false }
        self = XCAPDiffSubscription(request, mode)
        return true
    }

    /// Takes all that is there of what was selected.
    mutating func take(_ resources: [XCAPResource], unknown: Set<String>) {
        changes.update(to: resources, unknown: unknown)
        isKnown = true
    }

    mutating func tellAll() { changes.tellAll() }

    /// The body of the next NOTIFY, which is told then.
    mutating func body(root: String) -> [UInt8] { XCAPDiffDocument.body(root: root, changes.take()) }

    func encode(into writer: inout ByteWriter) {
        writer.uint8(changes.mode.rawValue)
        writer.uint8(UInt8(request.uris.count))
        for uri in request.uris { writer.string16(uri) }
    }

    init(decoding reader: inout ByteReader) throws(MalformedBytes) {
        guard let mode = XCAPDiffMode(rawValue: try reader.uint8()) else {
            throw MalformedBytes("a subscription to XCAP changes in an unknown mode")
        }
        var uris: [String] = []
        for _ in 0..<(try reader.uint8()) { uris.append(try reader.string16()) }
        self.init(XCAPDiffRequest(uris: uris), mode)
    }
}
