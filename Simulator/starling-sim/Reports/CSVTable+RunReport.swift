import OverlaySimulator

extension CSVTable {
    /// metrics.csv: a line for each figure.
    static func metrics(of report: RunReport) -> CSVTable {
        var table = CSVTable(["name", "value"])
        for metric in report.metrics { table.add([metric.name, metric.value.exactText]) }
        return table
    }

    /// series.csv: a line for each moment of each time line.
    static func series(of report: RunReport) -> CSVTable {
        var table = CSVTable(["name", "unit", "seconds", "value"])
        for series in report.series {
            for point in series.points {
                table.add([series.name, series.unit, point.seconds.exactText, point.value.exactText])
            }
        }
        return table
    }

    /// curves.csv: a line for each point of each distribution.
    static func curves(of report: RunReport) -> CSVTable {
        var table = CSVTable(["name", "unit", "value", "share"])
        for curve in report.curves {
            for point in curve.points {
                table.add([curve.name, curve.unit, point.value.exactText, point.share.exactText])
            }
        }
        return table
    }
}
