/// A bound that a scenario sets, as a plot shows it.
enum PlotMark: Equatable {
    /// A level that the lines must stay above or below.
    case level(y: Double, label: String, isMet: Bool)
    /// A point that a distribution must pass on the left.
    case point(x: Double, y: Double, label: String, isMet: Bool)
    /// The part of the plot before a moment.
    case before(x: Double)
}
