import Primitives

/// Reads the message of an answering name server (RFC 1035 §4): only what belongs to the question is taken.
///
/// The bytes come from the network: every length, count and pointer is checked, and names are bounded.
struct DNSMessageReader {
    private struct Entry {
        var owner: String
        var type: UInt16
        var lifetime: Interval
        /// The place of the content in the message.
        var content: Range<Int>
    }

    /// More records than any answer for SIP has; the rest is left unread.
    private static let maximumRecords = 128
    /// RFC 1035 §4.1.4: a pointer goes back, so a name within 255 bytes can't have more.
    private static let maximumPointers = 64
    private static let maximumAliases = 8
    private static let classInternet: UInt16 = 1
    private static let typeCNAME: UInt16 = 5
    private static let typeSOA: UInt16 = 6

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func answer(in bytes: [UInt8], to question: DNSQuestion) throws(MalformedBytes) -> DNSAnswer {
        var reader = DNSMessageReader(bytes)
        return try reader.read(question)
    }

    private mutating func read(_ question: DNSQuestion) throws(MalformedBytes) -> DNSAnswer {
        _ = try uint16()
        let flags = try uint16()
        // RFC 1035 §4.1.1: a response, and its code: 0 for success, 3 for a name that does not exist.
        guard flags & 0x8000 != 0 else { throw MalformedBytes("not a response") }
        guard [0, 3].contains(flags & 0xF) else { return .failure }
        let counts = (questions: try uint16(), answers: try uint16(), authorities: try uint16())
        _ = try uint16()
        for _ in 0..<min(counts.questions, 8) {
            _ = try name()
            _ = try take(4)
        }
        var entries: [Entry] = []
        for _ in 0..<min(Int(counts.answers), Self.maximumRecords) { entries.append(try entry()) }
        let found = try records(in: entries, for: question)
        if !found.records.isEmpty { return found }
        guard counts.answers <= Self.maximumRecords else { return found }
        var lifetime = DNSAnswer.negativeLifetime
        for _ in 0..<min(Int(counts.authorities), Self.maximumRecords) {
            let entry = try entry()
            if entry.type == Self.typeSOA { lifetime = min(entry.lifetime, try minimum(of: entry)) }
        }
        return DNSAnswer([], lifetime: min(lifetime, DNSAnswer.longestNegativeLifetime))
    }

    /// RFC 1034 §3.6.2: an alias leads on to the name that has the records.
    private mutating func records(in entries: [Entry], for question: DNSQuestion) throws(MalformedBytes) -> DNSAnswer {
        var owner = question.name
        var lifetime = DNSAnswer.longestLifetime
        for _ in 0..<Self.maximumAliases {
            guard let alias = entries.first(where: { $0.type == Self.typeCNAME && $0.owner == owner }) else { break }
            position = alias.content.lowerBound
            owner = try name()
            lifetime = min(lifetime, alias.lifetime)
        }
        let end = position
        var records: [DNSRecord] = []
        for entry in entries where entry.type == question.type.rawValue && entry.owner == owner {
            guard let record = try record(of: question.type, in: entry.content) else { continue }
            records.append(record)
            lifetime = min(lifetime, entry.lifetime)
        }
        position = entries.last?.content.upperBound ?? end
        return DNSAnswer(records, lifetime: lifetime)
    }

    private mutating func entry() throws(MalformedBytes) -> Entry {
        let owner = try name()
        let type = try uint16()
        let isInternet = try uint16() == Self.classInternet
        let seconds = Int(try uint16()) << 16 | Int(try uint16())
        let count = Int(try uint16())
        let start = position
        _ = try take(count)
        // RFC 2181 §8: a lifetime with its highest bit set is to be taken for zero.
        return Entry(
            owner: owner, type: isInternet ? type : 0, lifetime: .seconds(seconds >> 31 == 0 ? seconds : 0),
            content: start..<position)
    }

    private mutating func record(of type: DNSRecordType, in content: Range<Int>) throws(MalformedBytes) -> DNSRecord? {
        position = content.lowerBound
        let record: DNSRecord?
        switch type {
        case .a:
            record = .address(IPAddress(v4: UInt32(try uint16()) << 16 | UInt32(try uint16())))
        case .aaaa:
            var reader = ByteReader(try take(16))
            record = .address(IPAddress(high: try reader.uint64(), low: try reader.uint64()))
        case .srv:
            record = .service(
                priority: try uint16(), weight: try uint16(), port: try uint16(), target: try name())
        case .naptr:
            let (order, preference) = (try uint16(), try uint16())
            let (flags, service) = (try characterString(), try characterString())
            let expression = try characterString()
            let replacement = try name()
            record =
                expression.isEmpty
                ? .namingAuthority(
                    order: order, preference: preference, flags: flags.lowercased(), service: service.uppercased(),
                    replacement: replacement)
                : nil
        }
        guard position == content.upperBound else { throw MalformedBytes("a record of the wrong length") }
        return record
    }

    /// RFC 2308 §4: the last number of a SOA is how long a negative answer may be kept.
    private mutating func minimum(of entry: Entry) throws(MalformedBytes) -> Interval {
        guard entry.content.count >= 4 else { throw MalformedBytes("a SOA that is too short") }
        let last = bytes[(entry.content.upperBound - 4)..<entry.content.upperBound]
        return .seconds(Int(last.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }))
    }

    private mutating func characterString() throws(MalformedBytes) -> String {
        let count = Int(try take(1).first ?? 0)
        return String(decoding: try take(count), as: UTF8.self)
    }

    /// RFC 1035 §3.1, §4.1.4: labels with their lengths before them, or a pointer to where the rest stands.
    private mutating func name() throws(MalformedBytes) -> String {
        var labels: [String] = []
        var length = 0
        var behind: Int?
        var pointers = 0
        while true {
            let count = Int(try take(1).first ?? 0)
            switch count {
            case 0:
                if let behind { position = behind }
                return labels.joined(separator: ".").lowercased()
            case 1..<64:
                length += count + 1
                guard length < 256 else { throw MalformedBytes("a name that is too long") }
                let label = try take(count)
                // A dot or a control character within a label belongs to no name of a host.
                guard label.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ".") }) else {
                    throw MalformedBytes("a name that is none of a host")
                }
                labels.append(String(decoding: label, as: UTF8.self))
            case 0xC0...:
                pointers += 1
                guard pointers <= Self.maximumPointers else { throw MalformedBytes("a name without an end") }
                let target = (count & 0x3F) << 8 | Int(try take(1).first ?? 0)
                if behind == nil { behind = position }
                position = target
            default: throw MalformedBytes("a label of an unknown kind")
            }
        }
    }

    private mutating func uint16() throws(MalformedBytes) -> UInt16 {
        try take(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
    }

    private mutating func take(_ count: Int) throws(MalformedBytes) -> ArraySlice<UInt8> {
        guard position >= 0, count <= bytes.count - position else { throw MalformedBytes("a message that is cut off") }
        defer { position += count }
        return bytes[position..<(position + count)]
    }
}

extension DNSAnswer {
    /// What a name server's message says to a question; ``failure`` when it can't be read.
    package init(message: [UInt8], to question: DNSQuestion) {
        self = (try? DNSMessageReader.answer(in: message, to: question)) ?? .failure
    }
}
