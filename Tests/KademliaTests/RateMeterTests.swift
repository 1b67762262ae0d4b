import Primitives
import Testing

@testable import Kademlia

@Suite struct RateMeterTests {
    let start = Instant(secondsSince1970: 1_800_000_000)

    @Test func followsTheRateAndFadesAway() {
        var meter = RateMeter()
        #expect(meter.perSecond(at: start) == 0)
        for tick in 0..<1_200 { meter.count(at: start + .milliseconds(tick * 100)) }
        #expect(meter.total == 1_200)
        #expect((9.9...10.1).contains(meter.perSecond(at: start + .seconds(120))))
        for tick in 1_200..<1_260 { meter.count(at: start + .milliseconds(tick * 100)) }
        for tick in 0..<600 { meter.count(at: start + .seconds(126) + .milliseconds(tick * 10)) }
        let rising = meter.perSecond(at: start + .seconds(131))
        #expect(rising > 25 && rising < 75)
        let fading = meter.perSecond(at: start + .seconds(160))
        #expect(fading > 0 && fading < rising / 4)
        #expect(meter.perSecond(at: start + .hours(1)) == 0)
    }
}
