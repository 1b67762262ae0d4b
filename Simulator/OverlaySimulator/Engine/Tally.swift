import Primitives

/// What a shard has seen; the shards' are added up in the end.
struct Tally: Sendable {
    /// What a lookup after a partition found: the newest sequence of a user's registration.
    struct Finding: Sendable {
        let user: Int
        let sequence: Int64
    }

    /// Messages that arrived, and wake-ups that did something.
    var events = 0
    var get = RequestTally()
    var put = RequestTally()
    var absent = RequestTally()
    var survival = RequestTally()
    var call = RequestTally()
    /// Lookups of the record that an attacker has crowded in upon.
    var besieged = RequestTally()
    var healing: [Finding] = []
    var replicasOfPuts = Distribution()
    var joinSeconds = Distribution()
    var forged = 0
    var changes = 0
    var duplicates = 0
    var presenceDelay = Distribution()
    var getSuccess: RateSeries
    var presenceSeries: RateSeries
    /// By ``TrafficKind``.
    var bytes = [Int](repeating: 0, count: TrafficKind.allCases.count)
    var traffic: [RateSeries]
    /// Messages that came to nodes that can be reached, and to the others, in the measured part.
    var toReachable = 0
    var toUnreachable = 0

    init(_ world: World) {
        let start = .zero - (world.measuredFrom - World.start)
        getSuccess = RateSeries(start: .zero, width: .seconds(5))
        presenceSeries = RateSeries(start: .zero, width: .seconds(5))
        traffic = Array(repeating: RateSeries(start: start, width: .seconds(5)), count: TrafficKind.allCases.count)
    }

    mutating func sent(_ size: Int, _ kind: TrafficKind, from role: SimulatedRole, at time: Interval) {
        guard role.isHonest else { return }
        traffic[kind.rawValue].add(Double(size), at: time)
        if time >= .zero { bytes[kind.rawValue] += size }
    }

    mutating func received(by role: SimulatedRole, isMeasuring: Bool) {
        guard isMeasuring else { return }
        if role == .unreachable { toUnreachable += 1 } else { toReachable += 1 }
    }

    mutating func joined(after time: Interval) { joinSeconds.add(time.inSeconds) }

    mutating func merge(_ other: Tally) {
        events += other.events
        get.merge(other.get)
        put.merge(other.put)
        absent.merge(other.absent)
        survival.merge(other.survival)
        call.merge(other.call)
        besieged.merge(other.besieged)
        healing += other.healing
        replicasOfPuts.merge(other.replicasOfPuts)
        joinSeconds.merge(other.joinSeconds)
        forged += other.forged
        changes += other.changes
        duplicates += other.duplicates
        presenceDelay.merge(other.presenceDelay)
        getSuccess.merge(other.getSuccess)
        presenceSeries.merge(other.presenceSeries)
        for index in bytes.indices {
            bytes[index] += other.bytes[index]
            traffic[index].merge(other.traffic[index])
        }
        toReachable += other.toReachable
        toUnreachable += other.toUnreachable
    }
}
