import Primitives

/// Nodes that come and go: each is online for a session, then away, then comes back with its key.
package struct ChurnPlan: Sendable {
    /// How long sessions last.
    package enum Law: Sendable {
        /// Memoryless.
        case exponential
        /// With a shape below 1, many short sessions and a few very long ones: what is measured of file sharers.
        case weibull(shape: Double)
        /// The heaviest tail; its exponent is above 1.
        case pareto(exponent: Double)
        /// Sessions from a file, one a line: node, seconds at which it comes, seconds at which it goes.
        case trace(file: String, sessions: [Session])
    }

    /// A line of a trace.
    package struct Session: Sendable {
        package var node: Int
        package var from: Interval
        package var to: Interval

        package init(node: Int, from: Interval, to: Interval) {
            self.node = node
            self.from = from
            self.to = to
        }
    }

    /// How long sessions last.
    package var law = Law.exponential
    /// The median of sessions.
    package var medianSession = Interval.minutes(30)
    /// The median of absences, which follow the same law.
    package var medianAbsence = Interval.minutes(30)
    /// The share of departures that say goodbye, 0 to 1; the others just go.
    package var farewells = 0.5
    /// How long churn goes on before the measured part begins.
    package var warmUp = Interval.zero

    package init() {}
}
