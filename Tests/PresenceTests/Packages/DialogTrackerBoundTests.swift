import Primitives
import SIPMessages
import Testing

@testable import Presence

@Suite("No lamp sticks")
struct DialogTrackerBoundTests {
    private typealias Driver = CallDriver

    @Test("An INVITE without word from anybody ends")
    func silence() {
        var driver = Driver()
        driver.invite()
        driver.wait(.seconds(200))
        driver.receive(180, tag: "b")
        driver.wait(.seconds(200))
        #expect(driver.states() == [.early])
        driver.wait(.seconds(41))
        #expect(driver.events() == [.rejected])
        #expect(driver.dialogs().first?.code == 408)
    }

    @Test("A session that is not refreshed ends with its time")
    func sessionTimer() {
        var driver = Driver()
        driver.establish(headers: [(.sessionExpires, "1800;refresher=uac")])
        driver.wait(.seconds(1000))
        let refresh = Driver.request(.update, from: "b", to: "a")
        driver.handle(.branchResponse(refresh.response(200, headers: [(.sessionExpires, "600;refresher=uas")])))
        #expect(driver.changes.isEmpty)
        driver.wait(.seconds(631))
        #expect(driver.states() == [.confirmed])
        driver.wait(.seconds(2))
        #expect(driver.events() == [.timeout])
    }

    @Test("A call without a session timer is forgotten after a long time, and nobody says that it ended")
    func maximum() {
        var driver = Driver()
        driver.establish()
        driver.wait(.hours(11))
        #expect(driver.states() == [.confirmed])
        driver.handle(.branchResponse(Driver.request(.invite, to: "b", sequence: 2).response(200)))
        driver.wait(.hours(11))
        #expect(driver.states() == [.confirmed])
        driver.wait(.hours(1))
        #expect(driver.dialogs().isEmpty)
        #expect(driver.changes.map(\.isNews) == [true, true])
    }

    @Test("A session interval of ages lasts no longer than any call")
    func hugeInterval() {
        var driver = Driver()
        driver.establish(headers: [(.sessionExpires, "4294967295")])
        driver.wait(.hours(12))
        #expect(driver.dialogs().isEmpty)
    }

    @Test("Calls of a user are bounded; what has ended makes room")
    func perUser() {
        var limits = DialogTrackerLimits()
        limits.maximumCallsPerUser = 3
        var driver = Driver(limits: limits)
        for call in ["1", "2", "3", "4"] { driver.invite(callID: call) }
        #expect(driver.dialogs().map(\.callID) == ["1", "2", "3"])
        driver.refuse(486, callID: "2")
        driver.invite(callID: "5")
        #expect(driver.dialogs().map(\.callID) == ["1", "3", "5"])
        #expect(driver.tracker.count == 3)
    }

    @Test("Calls in all, dialogs of a call and the size of what is kept are bounded")
    func total() {
        var limits = DialogTrackerLimits()
        limits.maximumCalls = 2
        var driver = Driver(limits: limits)
        for call in ["1", "2", "3"] { driver.invite(callID: call) }
        #expect(driver.tracker.count == 2)
        for fork in 0..<40 { driver.receive(180, tag: "t\(fork)", callID: "1") }
        #expect(driver.dialogs().count == TrackedCall.maximumLegs + 1)
        var other = Driver()
        other.invite(callID: String(repeating: "x", count: 5_000))
        #expect(other.tracker.count == 0)
    }

    @Test("A call that was answered is there after a restart, by the same name, and its BYE ends it")
    func restart() throws {
        var driver = Driver()
        driver.invite(callID: "ringing")
        driver.establish()
        var before = try #require(driver.dialogs().first { $0.callID == "c" })
        driver.restart()
        #expect(driver.dialogs().map(\.callID) == ["c"])
        let after = try #require(driver.dialogs().first)
        before.extensions = after.extensions
        #expect(after == before)
        #expect(driver.tracker.users == [Driver.alice, Driver.bob])
        driver.handle(.request(Driver.request(.bye, to: "b", sequence: 2), caller: nil, callee: nil))
        #expect(driver.events() == [.remoteBye])
        #expect(driver.journal.isEmpty)
    }

    @Test("After a restart a call without a session timer is believed for an hour, or anew when it is heard of")
    func restoredTime() {
        for isHeardOf in [false, true] {
            var driver = Driver()
            driver.establish()
            driver.restart()
            driver.wait(.minutes(59))
            #expect(driver.states() == [.confirmed])
            if isHeardOf {
                driver.handle(.branchResponse(Driver.request(.invite, to: "b", sequence: 2).response(200)))
            }
            driver.wait(.minutes(2))
            #expect(driver.states() == (isHeardOf ? [.confirmed] : []))
            #expect(driver.journal.isEmpty == !isHeardOf)
        }
    }

    @Test("What is no call in a journal is forgotten")
    func unreadable() throws {
        var driver = Driver()
        driver.establish()
        let (key, value) = try #require(driver.journal.first)
        for length in value.indices {
            #expect(throws: MalformedBytes.self) { try TrackedCall(decoding: Array(value[..<length])) }
        }
        var tracker = DialogTracker()
        var actions: [DialogTracker.Action] = []
        tracker.handle(.restore(key: key, value: Array(value.dropLast())), at: driver.now, into: &actions)
        guard case .forget(key)? = actions.first else {
            Issue.record("kept")
            return
        }
        #expect(tracker.count == 0)
    }

    /// One message of a call, out of all that there can be.
    private static func message(_ random: inout RandomSource) -> DialogTracker.Event {
        let callID = ["c1", "c2"].randomElement(using: &random)!
        let tag = ["b1", "b2", "b3"].randomElement(using: &random)!
        switch Int.random(in: 0..<10, using: &random) {
        case 0...1:
            return .request(Driver.request(.invite, callID: callID), caller: Driver.alice, callee: Driver.bob)
        case 2...4:
            let status = [100, 180, 183].randomElement(using: &random)!
            return .branchResponse(Driver.response(status, tag: tag, callID: callID))
        case 5: return .branchResponse(Driver.response(200, tag: tag, callID: callID))
        case 6: return .branchResponse(Driver.response(486, tag: tag, callID: callID))
        case 7: return .finalResponse(Driver.response(487, tag: tag, callID: callID))
        case 8:
            let bye = Driver.request(.bye, callID: callID, from: tag, to: "a")
            return .request(bye, caller: nil, callee: nil)
        default:
            let refresh = Driver.request(.update, callID: callID, to: tag, sequence: 2)
            return .branchResponse(refresh.response([200, 481].randomElement(using: &random)!))
        }
    }

    @Test(
        "In whatever order messages come, no dialog goes back, and in the end all lamps are out",
        arguments: 0..<200 as Range<UInt64>)
    func anyOrder(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var driver = Driver()
        /// How far each dialog has come, by its id at the user.
        var reached: [String: DialogState] = [:]
        var told: [AddressOfRecord: [ObservedDialog]] = [:]
        for step in 0...60 {
            driver.handle(step < 60 ? Self.message(&random) : .wake)
            for change in driver.changes {
                told[change.user] = change.information.dialogs
                for dialog in change.information.dialogs {
                    let key = "\(change.user) \(dialog.id)"
                    #expect(dialog.state >= reached[key] ?? .trying, "\(key) went back")
                    #expect((dialog.event != nil) == (dialog.state == .terminated))
                    reached[key] = dialog.state
                }
            }
            if step < 59 { driver.now += .milliseconds(Int.random(in: 0..<1500, using: &random)) }
        }
        for user in [Driver.alice, Driver.bob] {
            #expect(
                (told[user] ?? []).filter { $0.state != .terminated }.map(\.id)
                    == driver.dialogs(user).filter { $0.state != .terminated }.map(\.id))
        }
        for _ in 0..<4 { driver.wait(.hours(13)) }
        #expect(driver.tracker.count == 0)
        #expect(driver.tracker.nextDeadline == nil)
        #expect(driver.dialogs(Driver.alice).isEmpty && driver.dialogs().isEmpty)
    }
}
