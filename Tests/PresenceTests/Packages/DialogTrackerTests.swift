import Primitives
import SIPMessages
import Testing

@testable import Presence

@Suite("Calls that pass a proxy")
struct DialogTrackerTests {
    private typealias Driver = CallDriver

    @Test("A call from its INVITE to its BYE, from both ends")
    func life() throws {
        var driver = Driver()
        driver.invite()
        #expect(driver.states() == [.trying])
        #expect(driver.changes.map(\.user) == [Driver.alice, Driver.bob])
        driver.receive(100)
        #expect(driver.states() == [.proceeding])
        driver.receive(180, tag: "b")
        #expect(driver.states(Driver.alice) == [.early])
        let id = try #require(driver.dialogs().first?.id)
        driver.receive(180, tag: "b")
        #expect(driver.changes.isEmpty)
        driver.receive(200, tag: "b")
        let seen = try #require(driver.dialogs().first)
        #expect(seen.state == .confirmed && seen.code == 200)
        #expect(seen.id == id)
        #expect(seen.direction == .recipient)
        #expect(seen.localTag == "b" && seen.remoteTag == "a" && seen.callID == "c")
        #expect(seen.remote?.identity == DialogIdentity(uri: "sip:alice@example.org", displayName: "Alice"))
        #expect(seen.remote?.target?.uri == "sip:alice@192.0.2.1")
        #expect(seen.local?.target?.uri == "sip:bob@192.0.2.2:5062")
        let callers = try #require(driver.dialogs(Driver.alice).first)
        #expect(callers.direction == .initiator && callers.localTag == "a" && callers.remoteTag == "b")
        driver.handle(.request(Driver.request(.bye, to: "b", sequence: 2), caller: nil, callee: nil))
        #expect(driver.events(Driver.alice) == [.localBye])
        #expect(driver.events() == [.remoteBye])
        #expect(driver.changes.count == 2)
    }

    @Test("The callee hangs up")
    func calleesBye() {
        var driver = Driver()
        driver.establish()
        driver.handle(.request(Driver.request(.bye, from: "b", to: "a"), caller: nil, callee: nil))
        #expect(driver.events() == [.localBye])
        #expect(driver.events(Driver.alice) == [.remoteBye])
    }

    @Test(
        "How an INVITE fails",
        arguments: [(487, .cancelled), (486, .rejected), (302, .rejected), (603, .rejected)] as [(Int, DialogEvent)])
    func failure(status: Int, event: DialogEvent) {
        var driver = Driver()
        driver.invite()
        driver.receive(180, tag: "b")
        driver.receive(status, tag: "b")
        #expect(driver.states() == [.early])
        driver.refuse(status, tag: "b")
        #expect(driver.states() == [.terminated])
        #expect(driver.events() == [event])
        #expect(driver.dialogs().first?.code == status)
    }

    @Test("Each device that rings is a dialog; the one that answers stays")
    func forks() {
        var driver = Driver()
        driver.invite()
        driver.receive(180, tag: "b1")
        driver.receive(183, tag: "b2")
        driver.receive(180, tag: "b3")
        #expect(driver.states() == [.early, .early, .early])
        #expect(Set(driver.dialogs().map(\.id)).count == 3)
        driver.receive(486, tag: "b1")
        #expect(driver.dialogs().first { $0.localTag == "b1" }?.event == .rejected)
        driver.receive(200, tag: "b2")
        driver.receive(487, tag: "b3")
        #expect(driver.dialogs().first { $0.localTag == "b3" }?.event == .cancelled)
        #expect(driver.dialogs().first?.localTag == "b2")
        #expect(driver.states() == [.confirmed, .terminated, .terminated])
    }

    @Test("A device that refuses first is held until another rings or all have refused")
    func refusedFork() {
        var driver = Driver()
        driver.invite()
        driver.receive(180, tag: "b1")
        driver.receive(486, tag: "b1")
        #expect(driver.states() == [.early])
        driver.receive(180, tag: "b2")
        #expect(driver.states() == [.early, .terminated])
        driver.refuse(480)
        #expect(driver.dialogs().map(\.code) == [486, 480])
    }

    @Test("RFC 3261 §13.2.2.4: what still rings 32 seconds after a 2xx has ended")
    func silentFork() {
        var driver = Driver()
        driver.invite()
        driver.receive(180, tag: "b1")
        driver.receive(180, tag: "b2")
        driver.receive(200, tag: "b2")
        driver.wait(.seconds(31))
        #expect(driver.states() == [.early, .confirmed])
        driver.wait(.seconds(2))
        #expect(driver.states() == [.confirmed, .terminated])
        #expect(driver.dialogs().last?.event == .cancelled)
    }

    @Test("What comes after the end changes nothing")
    func late() {
        var driver = Driver()
        driver.establish()
        driver.handle(.request(Driver.request(.bye, to: "b", sequence: 2), caller: nil, callee: nil))
        for status in [180, 200, 486] {
            driver.receive(status, tag: "b")
            #expect(driver.changes.isEmpty)
        }
        driver.refuse(487)
        driver.invite()
        driver.handle(.request(Driver.request(.bye, from: "b", to: "a"), caller: nil, callee: nil))
        #expect(driver.changes.isEmpty)
        #expect(driver.events() == [.remoteBye])
        driver.wait(.seconds(64))
        #expect(driver.changes.map(\.isNews) == [false, false])
        #expect(driver.dialogs().isEmpty)
        #expect(driver.tracker.count == 0)
        #expect(driver.tracker.nextDeadline == nil)
    }

    @Test("A caller who was asked for a password comes again")
    func challenge() {
        var driver = Driver()
        driver.invite()
        driver.refuse(407, tag: "p")
        driver.invite(sequence: 2)
        #expect(driver.states() == [.trying])
        driver.handle(.finalResponse(Driver.response(486, tag: "b", sequence: 1)))
        #expect(driver.states() == [.trying])
    }

    @Test("A dialog that was replaced ends by that, and the new one says so")
    func replaces() throws {
        var driver = Driver()
        driver.establish(callID: "old", tag: "b")
        driver.invite(callID: "new", headers: [(.replaces, "old;to-tag=b;from-tag=a"), (.referredBy, "<sip:carol@h>")])
        driver.receive(180, tag: "n", callID: "new")
        #expect(driver.states() == [.confirmed, .early])
        driver.receive(200, tag: "n", callID: "new")
        #expect(driver.states() == [.confirmed, .terminated])
        #expect(driver.events() == [nil, .replaced])
        let new = try #require(driver.dialogs().first)
        #expect(new.replaces == DialogReference(callID: "old", localTag: "b", remoteTag: "a"))
        #expect(new.referredBy?.uri == "sip:carol@h")
        #expect(driver.dialogs(Driver.alice).first?.replaces == nil)
    }

    @Test("Requests within the dialog that fail end it", arguments: [408, 481])
    func error(status: Int) {
        var driver = Driver()
        driver.establish()
        let update = Driver.request(.update, from: "b", to: "a")
        driver.handle(.branchResponse(update.response(488)))
        #expect(driver.states() == [.confirmed])
        driver.handle(.branchResponse(Driver.request(.notify, from: "b", to: "a").response(481)))
        #expect(driver.states() == [.confirmed])
        driver.handle(.branchResponse(update.response(status)))
        #expect(driver.events() == [.error])
        #expect(driver.dialogs().first?.code == status)
    }

    @Test("No answer to a request within the dialog ends it")
    func unanswered() {
        var driver = Driver()
        driver.establish()
        driver.handle(.unanswered(Driver.request(.info, to: "b", sequence: 2)))
        #expect(driver.states() == [.confirmed])
        driver.handle(.unanswered(Driver.request(.invite, to: "b", sequence: 2)))
        #expect(driver.events() == [.timeout])
    }

    @Test("A user who calls a device of one's own has both ends")
    func ownCall() {
        var driver = Driver()
        driver.handle(.request(Driver.request(.invite), caller: Driver.bob, callee: Driver.bob))
        driver.receive(180, tag: "b")
        #expect(driver.dialogs().map(\.direction) == [.initiator, .recipient])
        #expect(Set(driver.dialogs().map(\.id)).count == 2)
        #expect(driver.changes.map(\.user) == [Driver.bob])
    }

    @Test("Calls of nobody here are not tracked")
    func strangers() {
        var driver = Driver()
        driver.handle(.request(Driver.request(.invite), caller: nil, callee: nil))
        #expect(driver.tracker.count == 0)
        driver.receive(200, tag: "b")
        #expect(driver.tracker.count == 0)
    }
}
