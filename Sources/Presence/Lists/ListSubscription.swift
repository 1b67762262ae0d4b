import Primitives

/// What a subscription to a list knows beyond one to a single presentity (RFC 4662 §4).
struct ListSubscription: Sendable {
    /// Where the list came from.
    enum Origin: Hashable, Sendable {
        /// From the request itself (RFC 5367).
        case request
        /// From a service: that user's, or everybody's.
        case service(owner: AddressOfRecord?)
    }

    /// What stands behind a member.
    enum BackEnd: Hashable, Sendable {
        /// The number of a subscription on behalf of the list's subscriber.
        case subscription(UInt64)
        /// There is none, or not any more, for a reason as Subscription-State has them.
        case ended(reason: String)

        /// RFC 6665 §4.1.3: `probation` tells that it is tried again later.
        static let notBegun = ended(reason: "probation")
    }

    var origin: Origin
    /// How its subscriber has lists written.
    var dialect: ListDialect
    /// The Request-URI as the subscriber wrote it, which notifications repeat (RFC 4662 §5.2).
    var uri: String
    private(set) var members: [ListMember]
    /// One for each member.
    var backEnds: [BackEnd]
    /// Whether the back-end subscriptions have not ended yet.
    var isUnderWay = false
    /// Whether the next notification must list every member.
    private(set) var isFull = true
    /// The positions of members of whom there is something to tell.
    private(set) var untold: Set<Int> = []

    init(_ origin: Origin, uri: String, members: [ListMember], dialect: ListDialect = .standard) {
        self.origin = origin
        self.dialect = dialect
        self.uri = uri
        self.members = members
        backEnds = members.map { _ in .notBegun }
    }

    /// Puts other members in the place of those that it had, which has to be told in full.
    /// - Returns: the numbers of subscriptions to members that are in it no more, ascending.
    mutating func replaceMembers(by new: [ListMember]) -> [UInt64] {
        var old: [String: BackEnd] = [:]
        for (member, backEnd) in zip(members, backEnds) { old[member.key] = backEnd }
        backEnds = new.map { old.removeValue(forKey: $0.key) ?? .notBegun }
        members = new
        tellAll()
        return old.values.compactMap { if case .subscription(let number) = $0 { number } else { nil } }.sorted()
    }

    /// The positions that the next notification is about, in order.
    var positions: [Int] { isFull ? Array(members.indices) : untold.sorted() }

    /// Has everything be told: RFC 4662 §5.2 after a SUBSCRIBE, and after a notification that may not have arrived.
    mutating func tellAll() { isFull = true }

    /// Has the newest be told of a member, whatever was to be told of it before.
    mutating func tell(_ position: Int) { untold.insert(position) }

    /// A notification was made; of these positions it could not tell yet.
    mutating func wasTold(except positions: Set<Int>) {
        isFull = false
        untold = positions
    }
}

extension ListSubscription {
    func encode(into writer: inout ByteWriter) {
        // The dialect's numbers leave room for the kind of list.
        switch origin {
        case .request: writer.uint8(dialect.rawValue)
        case .service(nil): writer.uint8(dialect.rawValue | 1)
        case .service(let owner?):
            writer.uint8(dialect.rawValue | 2)
            writer.string16(owner.description)
        }
        writer.string16(uri)
        writer.uint16(UInt16(clamping: members.count))
        for member in members.prefix(Int(UInt16.max)) {
            writer.string16(member.uri)
            writer.string16(member.displayName?.text ?? "")
            writer.string16(member.displayName?.language ?? "")
        }
    }

    init(decoding reader: inout ByteReader) throws(MalformedBytes) {
        let kind = try reader.uint8()
        guard let dialect = ListDialect(rawValue: kind & 0xF0) else { throw MalformedBytes("a list in an unknown way") }
        self.dialect = dialect
        switch kind & 0x0F {
        case 0: origin = .request
        case 1: origin = .service(owner: nil)
        case 2:
            guard let owner = AddressOfRecord(try reader.string16()) else { throw MalformedBytes("a list of nobody") }
            origin = .service(owner: owner)
        default: throw MalformedBytes("a list of an unknown kind")
        }
        uri = try reader.string16()
        members = []
        backEnds = []
        for _ in 0..<(try reader.uint16()) {
            let uri = try reader.string16()
            let name = try reader.string16()
            let language = try reader.string16()
            let displayName = DisplayName(name, language: language.isEmpty ? nil : language)
            members.append(ListMember(uri: uri, displayName: name.isEmpty ? nil : displayName))
        }
        backEnds = members.map { _ in .notBegun }
    }
}
