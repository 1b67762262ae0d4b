import Primitives
import Testing

@testable import Sessions

@Suite struct ReplayWindowTests {
    @Test func itAgreesWithASetOfAllNumbers() {
        for seed in 0..<10 as Range<UInt64> {
            var random = RandomSource(seed: seed)
            var window = ReplayWindow()
            var seen: Set<UInt64> = []
            var highest: UInt64 = 0
            for _ in 0..<5000 {
                let jump: UInt64 = random.unit() < 0.01 ? 5000 : 40
                let base = highest > 2500 ? highest - 2500 : 0
                let number =
                    random.unit() < 0.5
                    ? highest + random.next() % jump : base + random.next() % (highest - base + 1)
                let isTooOld = number <= highest && !seen.isEmpty && highest + 1 - number > ReplayWindow.length
                #expect(window.contains(number) == (seen.contains(number) || isTooOld))
                let inserted = window.insert(number)
                #expect(inserted == (!seen.contains(number) && !isTooOld))
                if inserted {
                    seen.insert(number)
                    highest = max(highest, number)
                }
            }
        }
    }

    @Test func itTellsApartAtLeastAThousand() { #expect(ReplayWindow.length >= 1024) }

    @Test func theHighestNumberOfAllIsRefused() {
        var window = ReplayWindow()
        let highest = window.insert(.max)
        let second = window.insert(.max - 1)
        #expect(!highest && second)
    }
}
