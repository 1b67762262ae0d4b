import Primitives

/// The rules of a presentity that are in force, with the lists they refer to.
struct PresenceAuthorization: Hashable, Sendable {
    var ruleset: Ruleset
    /// The members of external lists, by the names that the rules have for them.
    var externalLists: [String: Set<AddressOfRecord>]

    /// Lists to which no rule refers are left out.
    init(_ ruleset: Ruleset, externalLists: [String: Set<AddressOfRecord>]) {
        self.ruleset = ruleset
        self.externalLists = externalLists.filter { ruleset.externalLists.contains($0.key) }
    }
}

extension PresenceAuthorization {
    /// What stands for rules that can't be read: none of them matches anybody.
    static let unreadable = PresenceAuthorization(.empty, externalLists: [:])

    private static let format: UInt8 = 1
    /// What is kept in the journal of those who are known to have no rules.
    static let noRules: [UInt8] = [0]

    /// The value kept in the journal.
    var encoded: [UInt8] {
        var writer = ByteWriter(reserving: ruleset.source.count + 64)
        writer.uint8(Self.format)
        writer.bytes32(ruleset.source)
        for (name, members) in externalLists.sorted(by: { $0.key < $1.key }) {
            writer.bytes32(name.utf8)
            writer.uint32(UInt32(members.count))
            for member in members.sorted() { writer.string16(member.description) }
        }
        return writer.bytes
    }

    init(decoding value: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(value)
        guard try reader.uint8() == Self.format else { throw MalformedBytes("rules of another version") }
        let source = try reader.bytes32()
        externalLists = [:]
        while reader.remaining > 0 {
            let name = String(decoding: try reader.bytes32(), as: UTF8.self)
            var members: Set<AddressOfRecord> = []
            for _ in 0..<(try reader.uint32()) {
                guard let member = AddressOfRecord(try reader.string16()) else {
                    throw MalformedBytes("a list with a member that is no user")
                }
                members.insert(member)
            }
            externalLists[name] = members
        }
        do {
            ruleset = try Ruleset(parsing: source)
        } catch {
            throw MalformedBytes("rules that are \(error)")
        }
    }
}
