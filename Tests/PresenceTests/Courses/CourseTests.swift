import Presence
import Primitives
import Testing

@Suite("Any course of publications, registrations, rules, watchers, losses and restarts")
struct CourseTests {
    @Test("Every watcher is told what it may know, nothing else, and in the end all of it", arguments: 1...40)
    func course(seed: Int) throws {
        var course = Course(seed: UInt64(seed))
        for round in 1...240 {
            try course.step()
            if round % 60 == 0 { try course.settle() }
        }
        #expect(course.checked > 50)
        // Nothing is left of those who are gone, nor of what was published, nor of who waited in vain.
        course.isLossy = false
        for _ in 0..<30 {
            try course.wait(.hours(8))
            try course.settle()
        }
        #expect(course.driver.agent.subscriptionCount == 0)
        #expect(course.driver.agent.publicationCount == 0)
        #expect(course.driver.journal[.subscription]?.isEmpty != false)
        #expect(course.driver.journal[.publication]?.isEmpty != false)
    }
}
