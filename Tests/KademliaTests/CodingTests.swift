import Identity
import Primitives
import Testing

@testable import Kademlia

@Suite struct CodingTests {
    let alice = TestDomain(seed: 41).user("alice")

    private let directory = ContactDirectory(capacity: 100_000, exemptPrefixes: [])

    private var contacts: [Contact] {
        var random = RandomSource(seed: 42)
        return (0..<16).map { number in
            let address = number % 2 == 0 ? IPAddress(v4: 0x0A00_0001 + UInt32(number)) : IPAddress("2001:db8::5")!
            let key = SigningKeyPair(random: &random).publicKey
            return Contact(key: key, endpoint: Endpoint(address: address, port: 7_400))
        }
    }

    private var list: ContactList { ContactList(contacts.map { directory.handle(of: $0)! }) }

    private var known: KnownContacts {
        var known = KnownContacts(salt: 0x1234_5678)
        for head in 0..<UInt64(16) { known.append(head: head << 60) }
        return known
    }

    private func encode(_ message: Message) -> [UInt8] { message.encode(contacts: directory) }

    private func decode(_ bytes: [UInt8]) throws -> Message {
        try Message(decoding: bytes) { directory.handle(of: $0) }
    }

    private var messages: [Message] {
        let record = alice.presence("in a meeting")
        let mail = alice.mail(to: alice, 3)
        let bodies: [Message.Body] = [
            .ping, .pong(observed: contacts[1].endpoint), .findNodes(closeTo: record.resource.bits, known: .none),
            .findNodes(closeTo: record.resource.bits, known: known), .nodes(list), .nodes(ContactList()),
            .fetch(.presence, record.resource, after: nil, known: known),
            .fetch(.document, record.resource, after: [], known: .none),
            .fetch(.document, record.resource, after: [1, 2], known: known),
            .fetched(.init(records: [record, mail], hasMore: true, closer: list)),
            .fetched(.init(records: [], hasMore: false, closer: ContactList())), .store(record, expectedSequence: nil),
            .store(record.tombstone(signingWith: alice.identity.signing), expectedSequence: -1),
            .stored(refusal: nil, heldSequence: nil), .stored(refusal: .older, heldSequence: .max),
            .watch(.registration, record.resource, lease: .max, seconds: 300),
            .watching(.init(seconds: 300, summary: 77, closer: list)), .changed(record, lease: 9),
            .changeSeen(isWatched: true), .changeSeen(isWatched: false), .leaving, .callBack,
            .callBackAnswer(observed: contacts[2].endpoint, .asked(list[3])),
            .callBackAnswer(observed: contacts[2].endpoint, .nobody),
            .callBackAnswer(observed: contacts[2].endpoint, .notNow), .callThis(list[5]),
            .introduce(contacts[4].nodeID),
            .cache([record, mail]), .fetched(.init(records: [mail], hasMore: false, closer: list, isCached: true)),
        ]
        return bodies.enumerated().map {
            Message(transaction: UInt64($0.offset) << 40 | 7, body: $0.element, isFromClient: $0.offset % 3 == 1)
        }
    }

    @Test func everyMessageComesBackAsItWas() throws {
        for message in messages {
            let bytes = encode(message)
            let read = try decode(bytes)
            #expect(read == message)
            #expect(encode(read) == bytes)
            #expect(read.isAnswer == (bytes[1] % 2 == 0))
            #expect(message.encodedSize == bytes.count)
            #expect(read.isFromClient == (bytes[1] >= 0x80))
        }
    }

    @Test func truncatedAndPaddedMessagesAreRefused() {
        for bytes in messages.map({ encode($0) }) {
            for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 97)) {
                #expect(throws: MalformedBytes.self) { try decode(Array(bytes[..<length])) }
            }
            #expect(throws: MalformedBytes.self) { try decode(bytes + [0]) }
        }
    }

    @Test func mutatedMessagesAreRefusedOrReadAsSomethingThatEncodesTheSame() {
        var random = RandomSource(seed: 43)
        var refused = 0
        for _ in 0..<3_000 {
            var bytes = encode(messages[Int(random.next() % UInt64(messages.count))])
            for _ in 0...random.next() % 4 {
                let position = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[position] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: position)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: position)
                }
                if bytes.isEmpty { bytes = [1] }
            }
            if let message = try? decode(bytes) {
                #expect(encode(message) == bytes)
            } else {
                refused += 1
            }
        }
        #expect(refused > 1_000)
    }

    @Test func boundsOfPartsAreKept() {
        let record = alice.document(path: "x", [UInt8](repeating: 0, count: RecordLimits.valueBytes))
        #expect(record.encoded.count <= RecordLimits.encodedBytes)
        #expect(throws: MalformedBytes.self) {
            try Record(decoding: [UInt8](repeating: 1, count: RecordLimits.encodedBytes + 1))
        }
        #expect(throws: MalformedBytes.self) {
            try decode([1, 4] + [UInt8](repeating: 0, count: 8) + [17] + [UInt8](repeating: 0, count: 850))
        }
        var oversize = alice.document(path: "x", [UInt8](repeating: 0, count: 16_384)).encoded
        let lengthAt = oversize.count - 64 - 16_384 - 2
        oversize[lengthAt + 1] = 1
        oversize.insert(0, at: lengthAt + 2)
        #expect(throws: MalformedBytes("value too long")) { try Record(decoding: oversize) }
    }

    @Test func journalEntryComesBackAsItWas() throws {
        for isReplica in [true, false] {
            let entry = StoredEntry(record: alice.presence("x"), isReplica: isReplica, isKept: !isReplica)
            #expect(try StoredEntry(decoding: entry.encode()) == entry)
        }
        #expect(throws: MalformedBytes.self) { try StoredEntry(decoding: []) }
        #expect(throws: MalformedBytes.self) { try StoredEntry(decoding: [9] + alice.presence("x").encoded) }
    }

    @Test func recordHasTheCommittedLayout() throws {
        // The vector of docs/protocol.md §4.3: anybody's implementation must make and read these bytes.
        let signer = SigningKeyPair(seed: [UInt8](repeating: 0x11, count: 32))
        let record = Record(
            kind: .account, domain: signer.publicKey, name: "accounts/07", key: Array("alice".utf8), sequence: 5,
            notAfter: Instant(secondsSince1970: 1_800_000_000), value: Array("value".utf8),
            authority: .domain(signer.publicKey), signingWith: signer)
        #expect(Hex.encode(record.encoded) == Self.vector)
        #expect(Hex.encode(record.resource.bits.bytes) == Self.vectorResource)
        let read = try Record(decoding: Hex.decode(Self.vector)!)
        #expect(read == record && read.name == "accounts/07" && read.sequence == 5)
        var cache = VerifiedRecords()
        try read.verify(at: Instant(secondsSince1970: 1_799_999_999), cache: &cache)
    }

    static let vector =
        "01000700d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737000b6163636f756e74732f303700"
        + "05616c696365000000000000000518fae27693b4000001d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a3"
        + "32c9778737000576616c7565bbeaedee847bdb1d0208eb23c7f7db1814b671b6a371b1c9546163719d423f2f90e67659a659"
        + "63c76124a702bcb53244e02ffdae54fbcf3925ea611c8625d107"
    static let vectorResource = "b3b9f092eb65e4c91b750933542b9a2599d40b07f389673c1fd3d06ae2afae70"
}
