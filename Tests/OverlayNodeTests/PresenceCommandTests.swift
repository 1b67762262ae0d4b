import OverlayNode
import Primitives
import SIPMessages
import Testing

/// What an operator sees of presence at a gateway, and can end.
@Suite struct PresenceCommandTests {
    private func watched(seed: UInt64) throws -> (Mesh, alice: Phone, bob: Phone) {
        var mesh = try Mesh.twoGateways(seed: seed)
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 0)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        let published = alice.perform(
            &mesh, .publish, to: alice.uri, password: "pw-alice", headers: [(.event, "presence"), (.expires, "600")],
            body: Phone.presence("alice", "open", note: "here", tuple: "t1"), contentType: "application/pidf+xml")
        #expect(published?.statusCode == 200)
        let subscribed = bob.perform(
            &mesh, .subscribe, to: alice.uri, password: "pw-bob",
            headers: [(.event, "presence"), (.expires, "600"), (.contact, bob.contact)])
        #expect(subscribed?.statusCode == 200)
        return (mesh, alice, bob)
    }

    @Test func showsWhatIsKnownAndWhoSeesIt() throws {
        var (mesh, _, _) = try watched(seed: 31)
        // He waits until it is known that she has no rules.
        mesh.run(for: .seconds(1))
        guard case .presenceShown(let report)? = mesh.ask(.presenceShow(addressOfRecord: "alice@example.org"), at: 0)
        else { throw Failure("no report") }
        #expect(report.contacts == ["sip:alice@127.0.0.1:6001"])
        #expect(report.publications.map(\.package) == ["presence"])
        #expect(report.presence?.isOpen == true && report.presence?.notes == ["here"])
        #expect(!report.hasRules)
        let subscription = try #require(report.subscriptions.subscriptions.first)
        #expect(report.subscriptions.total == 1)
        #expect(subscription.watcher == "bob@example.org" && subscription.presentity == "alice@example.org")
        #expect(subscription.status == "active" && subscription.handling == "allow" && subscription.rules.isEmpty)
        // A user's own subscriptions are listed as well, a stranger's not.
        for (user, count) in [("bob@example.org", 1), ("carol@example.org", 0)] {
            guard case .subscriptions(let list)? = mesh.ask(.subscriptionList(addressOfRecord: user), at: 0) else {
                throw Failure("no list")
            }
            #expect(list.total == count)
        }
    }

    @Test(arguments: [(false, "deactivated"), (true, "rejected")])
    func endsASubscription(isRejected: Bool, reason: String) throws {
        var (mesh, _, bob) = try watched(seed: 32)
        guard case .subscriptions(let list)? = mesh.ask(.subscriptionList(addressOfRecord: nil), at: 0),
            let number = list.subscriptions.first?.number
        else { throw Failure("no list") }
        let first = try #require(mesh.message(from: bob.server, toPort: bob.port) { $0.method == .notify })
        mesh.receive(first.response(200), at: bob.server, fromPort: bob.port)
        guard case .done? = mesh.ask(.subscriptionEnd(number: number, isRejected: isRejected), at: 0) else {
            throw Failure("not ended")
        }
        let last = mesh.message(from: bob.server, toPort: bob.port) {
            $0.method == .notify && $0.value(.subscriptionState)?.string == "terminated;reason=\(reason)"
        }
        #expect(last != nil)
        guard case .failed? = mesh.ask(.subscriptionEnd(number: 99, isRejected: false), at: 0) else {
            throw Failure("ended what is not there")
        }
    }

    /// Who watches somebody is told by the gateway, and not asked of the phone.
    @Test func aGatewayServesWatcherInformation() throws {
        var (mesh, alice, _) = try watched(seed: 33)
        let subscribed = alice.perform(
            &mesh, .subscribe, to: alice.uri, password: "pw-alice",
            headers: [(.event, "presence.winfo"), (.expires, "600"), (.contact, alice.contact)])
        #expect(subscribed?.statusCode == 200)
        let told = mesh.message(from: alice.server, toPort: alice.port) {
            $0.method == .notify && String(decoding: $0.body, as: UTF8.self).contains("sip:bob@example.org")
        }
        #expect(told != nil)
    }
}
