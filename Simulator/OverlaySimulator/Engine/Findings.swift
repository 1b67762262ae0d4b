/// What was found out between two stretches of a run, while nothing happened.
struct Findings: Sendable {
    var staleShare: Double?
    var replicas = Distribution()
    /// Share of records with as many living replicas as there should be.
    var restored: Double?
    /// The sequences of registrations that are to be found after a partition, by user.
    var written: [Int: Int64] = [:]
    /// Share of what was written in a partition that was found afterwards.
    var healed: Double?
    /// Pairs of watcher and buddy that were told of all but the newest change in the end.
    var lostChanges: Int?
    var staleSeries: [TimeSeries.Point] = []
    var onlineSeries: [TimeSeries.Point] = []
    var memorySeries: [TimeSeries.Point] = []
    var replicaSeries: [TimeSeries.Point] = []
}
