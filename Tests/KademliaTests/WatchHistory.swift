import Primitives

@testable import Kademlia

/// What a writer did to the entries of one resource, against which a watcher's reports are held.
struct WatchHistory {
    /// By key, in the order in which they were written.
    private(set) var written: [[UInt8]: [Record]] = [:]

    mutating func note(_ record: Record) { written[record.key, default: []].append(record) }

    func newest(_ key: [UInt8]) -> Record? { written[key]?.last }

    /// What a watcher knows by its reports.
    private struct Known {
        /// By key: what was reported last, tombstones and ended records included.
        var last: [[UInt8]: Record] = [:]
        /// Keys whose record is there.
        var present: Set<[UInt8]> = []
    }

    /// What is wrong with the reports, in words; nothing if each change was reported once and in order, at its time,
    /// and what is there in the end is what the writer left.
    func faults(in reports: [RecordChange], at times: [Instant], end: Instant) -> [String] {
        var known = Known()
        var faults: [String] = []
        for (report, time) in zip(reports, times) {
            if let fault = fault(in: report, at: time, &known) { faults.append(fault) }
        }
        for key in written.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let final = newest(key) else { continue }
            let isThere = !final.isTombstone && final.notAfter > end
            // Where a record is replaced by one that ends sooner, and nobody reaches the watcher in that one's life,
            // the watcher holds the older one until its end (docs/protocol.md §4.8).
            let isOutlasted = !final.isTombstone && known.last[key].map { $0.notAfter > final.notAfter } ?? false
            if !isThere, isOutlasted, known.last[key] != final { continue }
            if known.present.contains(key) != isThere {
                faults.append("\(key[0]): \(isThere ? "missing" : "still there") in the end: \(final)")
            } else if isThere, known.last[key] != final {
                faults.append("\(key[0]): the last report is not the last record: \(final)")
            }
        }
        return faults
    }

    private func fault(in report: RecordChange, at time: Instant, _ known: inout Known) -> String? {
        switch report {
        case .expired(let identity):
            let key = identity.key
            guard known.present.remove(key) != nil, let last = known.last[key] else {
                return "\(key[0]): the end of what is not there"
            }
            return last.notAfter == time ? nil : "\(key[0]): ends at another time than reported"
        case .added(let record), .replaced(let record), .refreshed(let record), .deleted(let record):
            let key = record.key
            let last = known.last[key]
            let isPresent = known.present.contains(key)
            known.last[key] = record
            if record.isTombstone { known.present.remove(key) } else { known.present.insert(key) }
            guard written[key]?.contains(record) ?? false else { return "\(key[0]): was never written: \(record)" }
            guard record.notAfter > time else { return "\(key[0]): reported after its end: \(record)" }
            if let last, !record.supersedes(last) { return "\(key[0]): goes back to \(record) from \(last)" }
            return Self.isFit(report, after: last, isPresent: isPresent) ? nil : "\(key[0]): misnamed: \(report)"
        }
    }

    private static func isFit(_ report: RecordChange, after last: Record?, isPresent: Bool) -> Bool {
        switch report {
        case .added(let record): !record.isTombstone && !isPresent
        case .replaced(let record): isPresent && last.map { !$0.hasSameContent(as: record) } ?? false
        case .refreshed(let record): isPresent && last.map { $0.hasSameContent(as: record) } ?? false
        case .deleted(let record): record.isTombstone && (isPresent || last == nil)
        case .expired: true
        }
    }
}
