import OverlayNode
import Testing

@Suite struct ObservationTests {
    @Test(arguments: [
        ("alice published: open, \"at lunch\"", "alice published: open, \"at lunch\""),
        ("note\n10:00:00  bob registered", "note?10:00:00  bob registered"),
        ("\u{1B}[2Jgone", "?[2Jgone"), ("right\u{202E}left", "right?left"), ("Zoë は元気", "Zoë は元気"),
    ])
    func nobodyForgesALine(text: String, shown: String) {
        #expect(Observation(.event, "published", text).text == shown)
    }

    @Test func longTextsAreCut() {
        #expect(Observation(.event, "published", String(repeating: "x", count: 100_000)).text.count == 1_000)
    }
}
