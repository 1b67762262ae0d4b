import Identity
import Primitives

/// How many bytes each writer and each source has stored.
///
/// Nobody can have exceeded their share of a store that holds less than that in all, so nothing is counted before.
struct StoreQuotas: Sendable {
    private var byWriter: [PublicSigningKey: Int] = [:]
    private var byAddress: [UInt64: Int] = [:]

    init(of records: SortedRecords) {
        records.visitAll { add($0.record.encoded.count, for: $0) }
    }

    func bytes(ofWriter key: PublicSigningKey) -> Int { byWriter[key, default: 0] }

    func bytes(ofSource source: UInt64) -> Int { byAddress[source, default: 0] }

    /// Counts an entry in, or with a negative size out.
    mutating func add(_ size: Int, for entry: SortedRecords.Entry) {
        Self.add(size, to: &byWriter[entry.record.authority.signingKey])
        if entry.source != 0 { Self.add(size, to: &byAddress[entry.source]) }
    }

    private static func add(_ size: Int, to sum: inout Int?) {
        let new = (sum ?? 0) + size
        sum = new > 0 ? new : nil
    }

    /// What stands for the source of a record: an IPv4 address, or an IPv6 /64, which is what one subscriber commands.
    /// 0 for what the quotas spare.
    static func source(_ address: IPAddress?, exempt: [AddressPrefix]) -> UInt64 {
        guard let address, !address.isLoopback, !exempt.contains(where: { $0.contains(address) }) else { return 0 }
        // No global IPv6 address begins with 0000:0001.
        return address.v4.map { UInt64($0) | 1 << 32 } ?? address.high
    }
}
