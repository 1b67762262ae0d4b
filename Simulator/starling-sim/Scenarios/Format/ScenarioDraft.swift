import OverlaySimulator
import Primitives

/// A scenario while it is read: everything that its keys set, before laws and shapes become plans.
struct ScenarioDraft {
    /// Where delays come from, as a file says it.
    enum Shape: String, CaseIterable {
        case plane, coordinates, matrix, uniform, regions
    }

    /// What stands in for a file that is not at hand.
    enum Fallback: String, CaseIterable {
        case plane, regions
    }

    /// How long sessions last, as a file says it.
    enum ChurnLaw: String, CaseIterable {
        case exponential, weibull, pareto, trace
    }

    /// How many buddies users have, as a file says it.
    enum BuddyLaw: String, CaseIterable {
        case none, fixed
        case powerLaw = "power-law"
    }

    var scenario = Scenario(name: "")

    var shape = Shape.plane
    var underlayFile: NamedFile?
    var fallback: Fallback?
    var least = Interval.milliseconds(20)
    var most = Interval.milliseconds(150)
    var regions: [UnderlayPlan.Region] = []

    var churn = ChurnPlan()
    var churnLaw = ChurnLaw.exponential
    var weibullShape = 0.4
    var paretoExponent = 2.0
    var churnFile: NamedFile?

    var reachability = ReachabilityPlan()

    var buddyLaw = BuddyLaw.none
    var buddyCount = 20
    var buddyMean = 20.0
    var buddyExponent = 2.0
}
