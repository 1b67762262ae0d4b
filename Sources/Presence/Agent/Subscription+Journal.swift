import Primitives
import SIPMessages
import SIPStack

extension Subscription {
    /// How many CSeq numbers are reserved with one entry in the journal.
    static let reservedAtOnce: UInt32 = 64

    private static let format: UInt8 = 2
    /// Of one to a list, which has the list behind it.
    private static let listFormat: UInt8 = 3
    /// Of one that takes changes or has filters; they stand behind what all have.
    private static let specialFormat: UInt8 = 4

    /// Of one to changes of documents, with what it selected behind what all have.
    private static let documentsFormat: UInt8 = 5

    private var isSpecial: Bool { list == nil && (takesChanges || !filters.filters.isEmpty) }

    private var format: UInt8 {
        if documents != nil { return Self.documentsFormat }
        if list != nil { return Self.listFormat }
        return isSpecial ? Self.specialFormat : Self.format
    }

    /// The value kept in the journal. What a NOTIFY under way would add is not in it: after a restart the state is
    /// told anew.
    var encoded: [UInt8] {
        var writer = ByteWriter(reserving: 512)
        writer.uint8(format)
        writer.string16(presentity.description)
        writer.string16(watcher)
        identity.encode(into: &writer)
        writer.string16(package.rawValue)
        writer.string16(event)
        writer.instant(begun)
        writer.instant(expires)
        writer.string16(state.status.rawValue)
        writer.string16(state.event.rawValue)
        writer.uint32(reservedSequence)
        dialog.encode(into: &writer)
        writer.string16(flow.transport.rawValue)
        Self.write(flow.local, into: &writer)
        switch flow.remote {
        case .endpoint(let endpoint):
            writer.uint8(0)
            Self.write(endpoint, into: &writer)
        case .node(let node):
            writer.uint8(1)
            writer.append(node.bits.bytes)
        }
        documents?.encode(into: &writer)
        list?.encode(into: &writer)
        if isSpecial {
            writer.uint8(takesChanges ? 1 : 0)
            writer.uint8(UInt8(filters.filters.count))
            for document in filters.documents { writer.bytes32(document) }
        }
        return writer.bytes
    }

    init(decoding value: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(value)
        let format = try reader.uint8()
        guard (Self.format...Self.documentsFormat).contains(format) else {
            throw MalformedBytes("a subscription of another version")
        }
        guard let presentity = AddressOfRecord(try reader.string16()) else {
            throw MalformedBytes("a subscription without a presentity")
        }
        self.presentity = presentity
        watcher = try reader.string16()
        identity = try WatcherIdentity(decoding: &reader)
        guard let package = EventPackage(rawValue: try reader.string16()) else {
            throw MalformedBytes("a subscription to an unknown package")
        }
        self.package = package
        event = try reader.string16()
        begun = try reader.instant()
        expires = try reader.instant()
        guard let status = WatcherStatus(rawValue: try reader.string16()),
            let cause = WatcherEvent(rawValue: try reader.string16())
        else { throw MalformedBytes("a subscription in an unknown state") }
        state = WatcherState(status, after: cause)
        let reserved = try reader.uint32()
        dialog = try SubscriptionDialog(decoding: &reader)
        // Every number up to the reserved one may have been used.
        dialog.localSequence = reserved
        reservedSequence = reserved
        guard let transport = SIPTransport(try reader.string16()) else {
            throw MalformedBytes("a subscription over an unknown transport")
        }
        let local = try Self.endpoint(from: &reader)
        let remote: Remote
        switch try reader.uint8() {
        case 0: remote = .endpoint(try Self.endpoint(from: &reader))
        case 1:
            guard let bits = Bits256(try reader.take(32)) else { throw MalformedBytes("a node ID that is too short") }
            remote = .node(NodeID(bits: bits))
        default: throw MalformedBytes("a subscription from neither an address nor a node")
        }
        if format == Self.documentsFormat { documents = try XCAPDiffSubscription(decoding: &reader) }
        if format == Self.listFormat { list = try ListSubscription(decoding: &reader) }
        if format == Self.specialFormat {
            takesChanges = try reader.uint8() != 0
            filters = try Self.filters(from: &reader, for: presentity, package)
        }
        // RFC 5263 §4.4: versions are not reset; there were never more of them than of NOTIFYs.
        partial = PartialNotifications(version: reserved)
        try reader.end()
        guard (package == .documents) == (documents != nil) else {
            throw MalformedBytes("a subscription to documents, and to none")
        }
        flow = Flow(transport: transport, local: local, remote: remote)
        // Connections ended with the process that held them; a NAT's binding for datagrams did not.
        isFlowUsable = !transport.isReliable || transport == .overlay
    }

    private static func filters(
        from reader: inout ByteReader, for presentity: AddressOfRecord, _ package: EventPackage
    ) throws(MalformedBytes) -> FilterSet {
        var filters = FilterSet()
        for _ in 0..<(try reader.uint8()) {
            let document = try reader.bytes32()
            do {
                try filters.take(document, for: presentity, package: package.rawValue)
            } catch {
                throw MalformedBytes("a subscription with filters that are not: \(error)")
            }
        }
        return filters
    }

    private static func write(_ endpoint: Endpoint, into writer: inout ByteWriter) {
        writer.uint64(endpoint.address.high)
        writer.uint64(endpoint.address.low)
        writer.uint16(endpoint.port)
    }

    private static func endpoint(from reader: inout ByteReader) throws(MalformedBytes) -> Endpoint {
        let address = IPAddress(high: try reader.uint64(), low: try reader.uint64())
        return Endpoint(address: address, port: try reader.uint16())
    }
}
