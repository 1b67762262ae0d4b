import Identity
import Primitives

/// The watchers of resources that this node holds, and what each has still to be told.
struct LeaseTable: Sendable {
    /// A watcher's right to be told of changes.
    struct Lease: Sendable {
        let contact: ContactHandle
        /// The watcher's name for it.
        let id: UInt64
        /// This node's own name for it: what becomes of a change that was told under an earlier lease is no concern of
        /// the one that took its place.
        let serial: UInt64
        var ends: Instant
        /// Whether a change is on its way; the next one waits for its acknowledgement, so that order is kept.
        var isBusy = false
        /// Keys whose newest record has not been sent yet, in order. A key stands here once, however often it
        /// changed meanwhile, so the queue is no longer than the resource.
        var waiting: [[UInt8]] = []
    }

    private var leases: [ResourceKey: [Lease]] = [:]
    private(set) var count = 0
    private var countsByWatcher: [ContactHandle: Int] = [:]
    /// All that hold a lease.
    var watchers: [ContactHandle] { Array(countsByWatcher.keys) }
    private var nextSerial: UInt64 = 0
    private var nextSweep = Instant(nanoseconds: 0)

    /// Seconds; a watcher that has died is not told of changes for longer.
    static let longestLease: UInt32 = 3_600
    /// Watchers of one resource: more than a popular user has, and few enough to tell them all at once.
    static let mostPerResource = 512
    /// Watchers of all resources: some 20 MB.
    static let mostLeases = 65_536
    /// Leases of one watcher: a gateway with thousands of users, but not the whole table.
    static let mostPerWatcher = 8_192
    /// How often leases that ended are looked for everywhere when the table is full.
    private static let sweepInterval = Interval.seconds(10)

    /// Grants, prolongs or (with 0 seconds) ends a lease.
    ///
    /// - Returns: whether the watcher has a lease afterwards.
    mutating func set(
        _ resource: ResourceKey, for contact: ContactHandle, lease id: UInt64, seconds: UInt32, at now: Instant
    ) -> Bool {
        guard seconds > 0 else {
            end(resource, of: contact)
            return false
        }
        removeEnded(resource, at: now)
        let ends = now + .seconds(Int(seconds))
        if let position = position(resource, contact) {
            if leases[resource]![position].id == id {
                leases[resource]![position].ends = ends
            } else {
                leases[resource]![position] = newLease(for: contact, id: id, ends: ends)
            }
            return true
        }
        if count >= Self.mostLeases || countsByWatcher[contact, default: 0] >= Self.mostPerWatcher {
            sweep(at: now)
        }
        guard count < Self.mostLeases, leases[resource, default: []].count < Self.mostPerResource,
            countsByWatcher[contact, default: 0] < Self.mostPerWatcher
        else { return false }
        leases[resource, default: []].append(newLease(for: contact, id: id, ends: ends))
        note(contact, 1)
        return true
    }

    private mutating func newLease(for contact: ContactHandle, id: UInt64, ends: Instant) -> Lease {
        nextSerial += 1
        return Lease(contact: contact, id: id, serial: nextSerial, ends: ends)
    }

    /// Ends a watcher's lease; only the one with this serial number, if one is given.
    mutating func end(_ resource: ResourceKey, of watcher: ContactHandle, serial: UInt64? = nil) {
        guard let position = position(resource, watcher),
            serial == nil || leases[resource]![position].serial == serial
        else { return }
        leases[resource]!.remove(at: position)
        note(watcher, -1)
        if leases[resource]!.isEmpty { leases[resource] = nil }
    }

    /// Notes that a key changed.
    ///
    /// - Returns: the leases whose watcher can be told at once; for the others the key waits.
    mutating func change(_ resource: ResourceKey, key: [UInt8], at now: Instant) -> [Lease] {
        removeEnded(resource, at: now)
        guard let held = leases[resource] else { return [] }
        var ready: [Lease] = []
        for (position, lease) in held.enumerated() {
            if lease.isBusy {
                if !lease.waiting.contains(key) { leases[resource]![position].waiting.append(key) }
            } else {
                leases[resource]![position].isBusy = true
                ready.append(lease)
            }
        }
        return ready
    }

    /// The watcher has seen the last change under the lease with this serial number.
    ///
    /// - Returns: the lease and the key to tell it of next, if one waits.
    mutating func next(
        _ resource: ResourceKey, of watcher: ContactHandle, serial: UInt64
    ) -> (lease: Lease, key: [UInt8])? {
        guard let position = position(resource, watcher), leases[resource]![position].serial == serial
        else { return nil }
        guard !leases[resource]![position].waiting.isEmpty else {
            leases[resource]![position].isBusy = false
            return nil
        }
        let key = leases[resource]![position].waiting.removeFirst()
        return (leases[resource]![position], key)
    }

    private func position(_ resource: ResourceKey, _ watcher: ContactHandle) -> Int? {
        leases[resource]?.firstIndex { $0.contact == watcher }
    }

    private mutating func removeEnded(_ resource: ResourceKey, at now: Instant) {
        guard let held = leases[resource] else { return }
        let left = held.filter { $0.ends > now }
        guard left.count < held.count else { return }
        for lease in held where lease.ends <= now { note(lease.contact, -1) }
        leases[resource] = left.isEmpty ? nil : left
    }

    private mutating func sweep(at now: Instant) {
        guard now >= nextSweep else { return }
        nextSweep = now + Self.sweepInterval
        for resource in Array(leases.keys) { removeEnded(resource, at: now) }
    }

    private mutating func note(_ watcher: ContactHandle, _ change: Int) {
        count += change
        let sum = countsByWatcher[watcher, default: 0] + change
        countsByWatcher[watcher] = sum > 0 ? sum : nil
    }
}
