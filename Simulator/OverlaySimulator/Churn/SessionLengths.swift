import Primitives

/// How long sessions last, or absences: a law scaled to a median.
package struct SessionLengths: Sendable {
    private let law: ChurnPlan.Law
    /// What the law is multiplied by, in nanoseconds: the mean of an exponential law, the scale of Weibull's, the least
    /// of Pareto's.
    private let scale: Double
    /// Nobody comes and goes within less: a node could not even send a datagram.
    private static let least = Interval.milliseconds(1)

    /// - Returns: nil for a trace, which says itself how long each session is.
    package init?(law: ChurnPlan.Law, median: Interval) {
        precondition(median > .zero, "a median must be positive")
        self.law = law
        let ln2 = Elementary.logarithm(2)
        switch law {
        case .exponential: scale = Double(median.nanoseconds) / ln2
        case .weibull(let shape):
            precondition(shape > 0, "a Weibull law has a positive shape")
            scale = Double(median.nanoseconds) / Elementary.power(ln2, 1 / shape)
        case .pareto(let exponent):
            precondition(exponent > 1, "a Pareto law of exponent \(exponent) has no mean")
            scale = Double(median.nanoseconds) / Elementary.power(2, 1 / exponent)
        case .trace: return nil
        }
    }

    /// The length of a session that begins; at least a millisecond.
    package func length(using random: inout RandomSource) -> Interval {
        switch law {
        case .exponential: interval(random.exponential())
        case .weibull(let shape): interval(Self.power(random.exponential(), 1 / shape))
        case .pareto(let exponent): interval(Elementary.power(1 - random.unit(), -1 / exponent))
        case .trace: .zero
        }
    }

    /// What remains of a session that one comes upon at a random time, when coming and going has gone on for long; at
    /// least a millisecond.
    ///
    /// It is longer than a new one where the law has a heavy tail: long sessions are come upon more often. Its density
    /// at t is the share of sessions longer than t, over their mean.
    package func remaining(using random: inout RandomSource) -> Interval {
        switch law {
        case .exponential: return interval(random.exponential())
        case .weibull(let shape):
            // Of a session come upon, (length / scale) to the power of the shape is gamma distributed.
            let whole = Self.power(random.gamma(shape: 1 + 1 / shape), 1 / shape)
            return interval(random.unit() * whole)
        case .pareto(let exponent):
            // Even up to the least length, and beyond it a law of Pareto whose exponent is one less.
            let even = (exponent - 1) / exponent
            let draw = random.unit()
            if draw < even { return interval(draw / even) }
            return interval(Elementary.power(1 - random.unit(), -1 / (exponent - 1)))
        case .trace: return .zero
        }
    }

    private func interval(_ multiple: Double) -> Interval {
        max(Interval(nanoseconds: 1) * (scale * multiple), Self.least)
    }

    private static func power(_ base: Double, _ exponent: Double) -> Double {
        base > 0 ? Elementary.power(base, exponent) : 0
    }
}
