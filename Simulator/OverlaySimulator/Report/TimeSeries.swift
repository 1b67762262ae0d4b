/// A figure as it went over a run.
package struct TimeSeries: Sendable {
    /// A moment of it.
    package struct Point: Hashable, Sendable {
        /// Simulated, from the start of the measured part.
        package var seconds: Double
        package var value: Double

        package init(seconds: Double, value: Double) {
            self.seconds = seconds
            self.value = value
        }
    }

    /// As metrics are named: `get.success`, `bytes.find_nodes`.
    package var name: String
    /// What the values count: `share`, `bytes/s`, `nodes`, `MB`.
    package var unit: String
    /// In order of time; at most some hundreds.
    package var points: [Point]

    package init(name: String, unit: String, points: [Point]) {
        self.name = name
        self.unit = unit
        self.points = points
    }
}
