import OverlaySimulator
import Testing

@testable import starling_sim

struct CSVTests {
    @Test func cellsWithMeaningAreQuoted() {
        var table = CSVTable(["a", "b,c"])
        table.add(["say \"x\"", "line\nbreak"])
        table.add(["", "é"])
        #expect(table.text == "a,\"b,c\"\n\"say \"\"x\"\"\",\"line\nbreak\"\n,é\n")
    }

    @Test func theLongFormsHoldEveryPoint() {
        var report = RunReport(scenario: "x", seed: 1, nodes: 1)
        report.metrics = [Metric(name: "get.success", value: 0.25)]
        report.series = [TimeSeries(name: "online", unit: "nodes", points: [.init(seconds: -1.5, value: 3)])]
        report.curves = [Curve(name: "get.hops", unit: "hops", points: [.init(value: 2, share: 0.1)])]
        #expect(CSVTable.metrics(of: report).text == "name,value\nget.success,0.25\n")
        #expect(CSVTable.series(of: report).text == "name,unit,seconds,value\nonline,nodes,-1.5,3\n")
        #expect(CSVTable.curves(of: report).text == "name,unit,value,share\nget.hops,hops,2,0.1\n")
    }
}
