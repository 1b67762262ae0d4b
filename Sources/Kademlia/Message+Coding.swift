import Identity
import Primitives

extension Message {
    /// The only version there is; others are refused.
    static let version: UInt8 = 1
    /// The bit of the type byte that says that the sender is a client.
    private static let clientBit: UInt8 = 0x80

    /// The type byte: requests odd, answers the even number that follows.
    private var type: UInt8 {
        switch body {
        case .ping: 1
        case .pong: 2
        case .findNodes: 3
        case .nodes: 4
        case .fetch: 5
        case .fetched: 6
        case .store: 7
        case .stored: 8
        case .watch: 9
        case .watching: 10
        case .changed: 11
        case .changeSeen: 12
        case .leaving: 13
        case .callBack: 15
        case .callBackAnswer: 16
        case .callThis: 17
        case .cache: 19
        case .introduce: 21
        }
    }

    /// The message as docs/protocol.md §4.2 lays it out.
    ///
    /// - Parameter directory: the one that the message's contacts are from.
    package func encode(contacts directory: ContactDirectory) -> [UInt8] {
        var writer = ByteWriter(reserving: 64)
        writer.uint8(Self.version)
        writer.uint8(isFromClient ? type | Self.clientBit : type)
        writer.uint64(transaction)
        switch body {
        case .ping, .leaving, .callBack: break
        case .pong(let observed): observed.write(to: &writer)
        case .findNodes(let target, let known):
            writer.append(target.bytes)
            known.write(to: &writer)
        case .nodes(let contacts): contacts.write(to: &writer, directory)
        case .fetch(let kind, let resource, let after, let known):
            Self.write(kind, resource, to: &writer)
            writer.uint8(after == nil ? 0 : 1)
            if let after { writer.bytes16(after) }
            known.write(to: &writer)
        case .fetched(let answer): answer.write(to: &writer, directory)
        case .store(let record, let expected):
            Self.write(expected, to: &writer)
            record.write(to: &writer)
        case .stored(let refusal, let held):
            writer.uint8(refusal?.rawValue ?? 0)
            Self.write(held, to: &writer)
        case .watch(let kind, let resource, let lease, let seconds):
            Self.write(kind, resource, to: &writer)
            writer.uint64(lease)
            writer.uint32(seconds)
        case .watching(let answer):
            writer.uint32(answer.seconds)
            writer.uint64(answer.summary)
            answer.closer.write(to: &writer, directory)
        case .changed(let record, let lease):
            writer.uint64(lease)
            record.write(to: &writer)
        case .changeSeen(let isWatched): writer.uint8(isWatched ? 1 : 0)
        case .callBackAnswer(let observed, let answer):
            observed.write(to: &writer)
            answer.write(to: &writer, directory)
        case .callThis(let contact): directory[contact].write(to: &writer)
        case .cache(let records): Self.write(records, to: &writer)
        case .introduce(let node): writer.append(node.bits.bytes)
        }
        return writer.bytes
    }

    /// Reads a message off the whole of `bytes`. Records in it are not verified yet.
    ///
    /// - Parameter handle: gives a contact its handle, or nil when there is no room for it; it is then left out.
    package init(
        decoding bytes: [UInt8], handle: (Contact) -> ContactHandle?
    ) throws(MalformedBytes) {
        guard bytes.count <= MessageLimits.messageBytes else { throw MalformedBytes("message too long") }
        var reader = ByteReader(bytes)
        guard try reader.uint8() == Self.version else { throw MalformedBytes("unknown version of the overlay") }
        let first = try reader.uint8()
        isFromClient = first & Self.clientBit != 0
        let type = first & ~Self.clientBit
        transaction = try reader.uint64()
        body = type % 2 == 1 ? try Self.request(type, &reader, handle) : try Self.answer(type, &reader, handle)
        try reader.end()
    }

    /// Whether bytes that have not been read say that they are a request.
    static func isRequest(_ bytes: [UInt8]) -> Bool { bytes.count > 1 && bytes[1] % 2 == 1 }

    private static func request(
        _ type: UInt8, _ reader: inout ByteReader, _ handle: (Contact) -> ContactHandle?
    ) throws(MalformedBytes) -> Body {
        switch type {
        case 1: return .ping
        case 3:
            let target = try bits(from: &reader)
            return .findNodes(closeTo: target, known: try KnownContacts(from: &reader))
        case 5:
            let kind = try self.kind(from: &reader)
            let resource = ResourceID(bits: try bits(from: &reader))
            let after = try flag(from: &reader) ? try reader.bytes16() : nil
            guard after?.count ?? 0 <= RecordLimits.keyBytes else { throw MalformedBytes("key too long") }
            return .fetch(kind, resource, after: after, known: try KnownContacts(from: &reader))
        case 7:
            let expected = try sequence(from: &reader)
            return .store(try Record(from: &reader), expectedSequence: expected)
        case 9:
            let kind = try self.kind(from: &reader)
            let resource = ResourceID(bits: try bits(from: &reader))
            let lease = try reader.uint64()
            return .watch(kind, resource, lease: lease, seconds: try reader.uint32())
        case 11:
            let lease = try reader.uint64()
            return .changed(try Record(from: &reader), lease: lease)
        case 13: return .leaving
        case 15: return .callBack
        case 17: return .callThis(try contact(from: &reader, handle))
        case 19: return .cache(try records(from: &reader))
        case 21: return .introduce(NodeID(bits: try bits(from: &reader)))
        default: throw MalformedBytes("unknown type of request")
        }
    }

    private static func answer(
        _ type: UInt8, _ reader: inout ByteReader, _ handle: (Contact) -> ContactHandle?
    ) throws(MalformedBytes) -> Body {
        switch type {
        case 2: return .pong(observed: try Endpoint(from: &reader))
        case 4: return .nodes(try ContactList(from: &reader, handle))
        case 6: return .fetched(try FetchAnswer(from: &reader, handle))
        case 8:
            let code = try reader.uint8()
            let refusal = RecordRefusal(rawValue: code)
            guard code == 0 || refusal != nil else { throw MalformedBytes("unknown reason of a refusal") }
            return .stored(refusal: refusal, heldSequence: try sequence(from: &reader))
        case 10:
            let seconds = try reader.uint32()
            let summary = try reader.uint64()
            return .watching(
                WatchAnswer(seconds: seconds, summary: summary, closer: try ContactList(from: &reader, handle)))
        case 12: return .changeSeen(isWatched: try flag(from: &reader))
        case 16:
            let observed = try Endpoint(from: &reader)
            return .callBackAnswer(observed: observed, try CallBackAnswer(from: &reader, handle))
        default: throw MalformedBytes("unknown type of answer")
        }
    }
}

extension Message {
    static func flag(from reader: inout ByteReader) throws(MalformedBytes) -> Bool {
        let value = try reader.uint8()
        guard value <= 1 else { throw MalformedBytes("a flag that is neither 0 nor 1") }
        return value == 1
    }

    /// One contact, which can't be left out.
    static func contact(
        from reader: inout ByteReader, _ handle: (Contact) -> ContactHandle?
    ) throws(MalformedBytes) -> ContactHandle {
        guard let contact = handle(try Contact(from: &reader)) else { throw MalformedBytes("no room for the contact") }
        return contact
    }

    private static func write(_ kind: RecordKind, _ resource: ResourceID, to writer: inout ByteWriter) {
        writer.uint16(kind.rawValue)
        writer.append(resource.bits.bytes)
    }

    /// The count in two bytes, then the records.
    fileprivate static func write(_ records: [Record], to writer: inout ByteWriter) {
        writer.uint16(UInt16(records.count))
        for record in records { record.write(to: &writer) }
    }

    fileprivate static func records(from reader: inout ByteReader) throws(MalformedBytes) -> [Record] {
        let count = Int(try reader.uint16())
        guard count <= MessageLimits.pageRecords else { throw MalformedBytes("too many records") }
        var records: [Record] = []
        for _ in 0..<count { records.append(try Record(from: &reader)) }
        return records
    }

    private static func kind(from reader: inout ByteReader) throws(MalformedBytes) -> RecordKind {
        guard let kind = RecordKind(rawValue: try reader.uint16()) else { throw MalformedBytes("unknown kind") }
        return kind
    }

    private static func bits(from reader: inout ByteReader) throws(MalformedBytes) -> Bits256 {
        guard let bits = Bits256(try reader.take(32)) else { throw MalformedBytes("not 256 bits") }
        return bits
    }

    /// A sequence that may be missing: a flag, then eight bytes if it is 1.
    private static func write(_ sequence: Int64?, to writer: inout ByteWriter) {
        writer.uint8(sequence == nil ? 0 : 1)
        if let sequence { writer.int64(sequence) }
    }

    private static func sequence(from reader: inout ByteReader) throws(MalformedBytes) -> Int64? {
        try flag(from: &reader) ? try reader.int64() : nil
    }
}

extension Message.FetchAnswer {
    func write(to writer: inout ByteWriter, _ directory: ContactDirectory) {
        writer.uint8((hasMore ? 1 : 0) | (isCached ? 2 : 0))
        closer.write(to: &writer, directory)
        Message.write(records, to: &writer)
    }

    init(from reader: inout ByteReader, _ handle: (Contact) -> ContactHandle?) throws(MalformedBytes) {
        let flags = try reader.uint8()
        guard flags <= 2 else { throw MalformedBytes("unknown flags of a page") }
        hasMore = flags == 1
        isCached = flags == 2
        closer = try ContactList(from: &reader, handle)
        records = try Message.records(from: &reader)
    }
}

extension Message.CallBackAnswer {
    func write(to writer: inout ByteWriter, _ directory: ContactDirectory) {
        switch self {
        case .asked(let contact):
            writer.uint8(0)
            directory[contact].write(to: &writer)
        case .nobody: writer.uint8(1)
        case .notNow: writer.uint8(2)
        }
    }

    init(from reader: inout ByteReader, _ handle: (Contact) -> ContactHandle?) throws(MalformedBytes) {
        switch try reader.uint8() {
        case 0: self = .asked(try Message.contact(from: &reader, handle))
        case 1: self = .nobody
        case 2: self = .notNow
        default: throw MalformedBytes("unknown answer to a call back")
        }
    }
}
