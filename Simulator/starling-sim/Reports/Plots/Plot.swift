/// A drawing of values over a common axis.
struct Plot {
    /// How its lines are drawn.
    enum Style {
        /// From point to point.
        case lines
        /// Level to the next point: what counts whole things jumps.
        case steps
        /// Filled, each line on top of those before it.
        case stacked
    }

    var title: String
    /// A sentence on what is seen; may be empty.
    var note = ""
    var style = Style.lines
    var x: Axis
    var y: Axis
    /// How a value is told when the pointer rests on the plot.
    var xUnit: FigureUnit
    var yUnit: FigureUnit
    var lines: [PlotLine]
    var marks: [PlotMark] = []
    /// Whether a reader needs the lines' names to know what they are.
    var hasLegend: Bool
}
