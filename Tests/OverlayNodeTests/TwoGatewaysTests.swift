import Foundation
import OverlayNode
import Primitives
import SIPMessages
import Testing

/// Two gateways of one domain and a plain node that holds carol's account, as `make run` starts them.
@Suite struct TwoGatewaysTests {
    @Test func anInvitationWorksForOneNode() throws {
        var mesh = try Mesh.twoGateways(seed: 1)
        guard
            case .invitation(let secret, _)? = mesh.ask(.domainInvite(name: "example.org", validForSeconds: 60), at: 0)
        else { throw Failure("no invitation") }
        let d = try mesh.add()
        let e = try mesh.add()
        mesh.start(d)
        mesh.start(e)
        #expect(mesh.ask(.accept(invitation: secret), at: d) == .done("this node is a gateway of example.org now"))
        guard case .failed(let reason)? = mesh.ask(.accept(invitation: secret), at: e) else {
            throw Failure("accepted twice")
        }
        #expect(reason.contains("used by another node"))
        #expect(mesh.ask(.accept(invitation: secret), at: d) == .done("this node is a gateway of example.org now"))
        mesh.run(for: .seconds(61))
        guard case .failed? = mesh.ask(.accept(invitation: secret), at: d) else { throw Failure("accepted too late") }
    }

    @Test func accountsReachTheOtherGateway() throws {
        var mesh = try Mesh.twoGateways(seed: 2)
        guard case .users(let users)? = mesh.ask(.userList, at: 1) else { throw Failure("no list") }
        #expect(users.map(\.addressOfRecord) == ["alice@example.org", "bob@example.org", "carol@example.org"])
        _ = mesh.ask(.userAdd(addressOfRecord: "dave@example.org", password: "1"), at: 1)
        _ = mesh.ask(.userRemove(addressOfRecord: "bob@example.org"), at: 0)
        mesh.run(for: .seconds(2))
        for gateway in [0, 1] {
            guard case .users(let users)? = mesh.ask(.userList, at: gateway) else { throw Failure("no list") }
            #expect(users.map(\.addressOfRecord) == ["alice@example.org", "carol@example.org", "dave@example.org"])
        }
        guard case .users(let own)? = mesh.ask(.userList, at: 2) else { throw Failure("no list") }
        #expect(own.map(\.addressOfRecord) == ["carol@example.org"])
    }

    @Test func aPasswordChangedAtOneGatewayHoldsAtTheOther() throws {
        var mesh = try Mesh.twoGateways(seed: 3)
        _ = mesh.ask(.userPassword(addressOfRecord: "alice@example.org", password: "new"), at: 0)
        mesh.run(for: .seconds(2))
        var phone = Phone("alice", port: 6001, server: 1)
        #expect(phone.register(&mesh, password: "pw-alice") != 200)
        #expect(phone.register(&mesh, password: "new") == 200)
    }

    @Test func messagesCrossTheOverlayInAllDirections() throws {
        var mesh = try Mesh.twoGateways(seed: 4)
        var phones = [
            Phone("alice", port: 6001, server: 0), Phone("bob", port: 6002, server: 1),
            Phone("carol", port: 6003, server: 2),
        ]
        for index in phones.indices {
            #expect(phones[index].register(&mesh, password: "pw-\(phones[index].user)") == 200)
        }
        mesh.run(for: .seconds(1))
        for from in phones.indices {
            for to in phones.indices where to != from {
                let target = phones[to]
                var sender = phones[from]
                let answered = deliver(&mesh, from: &sender, to: target)
                phones[from] = sender
                #expect(answered == 200, "\(phones[from].user) to \(target.user)")
            }
        }
    }

    private func deliver(_ mesh: inout Mesh, from sender: inout Phone, to target: Phone) -> Int? {
        sender.send(
            &mesh, .message, to: target.uri, password: "pw-\(sender.user)", body: Array("hello".utf8),
            contentType: "text/plain")
        guard
            let arrived = mesh.message(from: target.server, toPort: target.port, where: { $0.method == .message })
        else { return nil }
        mesh.receive(arrived.response(200, toTag: "x"), at: target.server, fromPort: target.port)
        return sender.final(&mesh)?.statusCode
    }

    @Test func presenceCrossesGatewaysAndOutlivesOne() throws {
        var mesh = try Mesh.twoGateways(seed: 5)
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 1)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        let subscribed = bob.perform(
            &mesh, .subscribe, to: alice.uri, password: "pw-bob",
            headers: [
                (.event, "presence"), (.expires, "600"), (.contact, bob.contact), (.accept, "application/pidf+xml"),
            ])
        #expect(subscribed?.statusCode == 200)
        #expect(notified(&mesh, bob, "closed"))
        publish(&mesh, &alice, "open", note: "at A", tuple: "t1")
        #expect(notified(&mesh, bob, "at A"))
        mesh.run(for: .seconds(1))
        publish(&mesh, &alice, "open", note: "still at A", tuple: "t1")
        #expect(notified(&mesh, bob, "still at A"))
        // What one node notifies another of is sealed, and the other takes nothing that is not.
        mesh.run(for: .seconds(1))
        guard case .status(let status)? = mesh.ask(.status, at: 1) else { throw Failure("no status") }
        #expect(status.counters["presence-notified", default: 0] >= 2)
        #expect(status.counters["presence-unreadable"] == nil)

        mesh.kill(0)
        mesh.run(for: .seconds(2))
        var elsewhere = Phone("alice", port: 6004, server: 1)
        #expect(elsewhere.register(&mesh, password: "pw-alice") == 200)
        publish(&mesh, &elsewhere, "open", note: "back at B", tuple: "t2")
        #expect(notified(&mesh, bob, "back at B"))

        // What the dead gateway said last is not shown beside what she says now, long before it would expire.
        let watch = mesh.command(.watch(addressOfRecord: "alice@example.org"), at: 1)
        let isForgotten = mesh.run(
            until: { mesh in
                guard case .presence(let report)? = mesh.replies[watch]?.last else { return false }
                return report.notes == ["back at B"] && !report.document.contains("still at A")
            }, within: .seconds(330))
        #expect(isForgotten)
    }

    @Test func stateOutlivesAKilledProcess() throws {
        var mesh = try Mesh.twoGateways(seed: 6)
        var alice = Phone("alice", port: 6001, server: 0)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        publish(&mesh, &alice, "open", note: "kept", tuple: "t1")
        mesh.kill(0)
        try mesh.restart(0)
        mesh.run(for: .seconds(3))
        guard case .lookUp(let report)? = mesh.ask(.lookUp(addressOfRecord: "alice@example.org"), at: 1) else {
            throw Failure("no report")
        }
        #expect(report.registrations.flatMap(\.contacts) == ["sip:alice@127.0.0.1:6001"])
        #expect(report.presence?.notes == ["kept"])
        #expect(report.certificate != nil)
        // A watch ends up with what is known, here by asking in carol's name, and not with "nothing known yet".
        let watch = mesh.command(.watch(addressOfRecord: "alice@example.org"), at: 2)
        mesh.run(for: .seconds(2))
        guard case .presence(let presence)? = mesh.replies[watch]?.last else { throw Failure("no presence") }
        #expect(presence.notes == ["kept"])
    }

    @Test func statusAndTraceTellWhatTheNodeSees() throws {
        var mesh = try Mesh.twoGateways(seed: 12)
        var alice = Phone("alice", port: 6001, server: 0)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        mesh.run(for: .seconds(30))
        guard case .status(let status)? = mesh.ask(.status, at: 1) else { throw Failure("no status") }
        #expect(status.buckets.reduce(0, +) == status.contacts)
        #expect(status.estimatedNodes == status.contacts + 1)
        #expect(status.recordBytes > 0 && status.cachedResources == 0)
        #expect(status.traffic.received > 0 && status.traffic.sent > 0 && status.traffic.droppedByLimits == 0)
        let command = Command.lookUp(addressOfRecord: "alice@example.org", isTraced: true)
        guard case .lookUp(let report)? = mesh.ask(command, at: 1) else { throw Failure("no report") }
        #expect(report.steps.count == 3)
        for lookup in report.steps {
            #expect(lookup.target?.count == 52)
            let steps = try #require(lookup.trace)
            #expect(steps.first?.node == status.nodeID && steps.first?.endpoint == nil)
            #expect(steps.count == lookup.messages + 1)
            #expect(steps.dropFirst().allSatisfy { $0.endpoint != nil && $0.bucket != nil })
        }
        guard case .lookUp(let plain)? = mesh.ask(.lookUp(addressOfRecord: "alice@example.org"), at: 1) else {
            throw Failure("no report")
        }
        #expect(plain.steps.allSatisfy { $0.trace == nil && $0.target == nil })
        // What programs sent before there were traces.
        let line = Data(#"{"lookUp":{"addressOfRecord":"alice@example.org"}}"#.utf8)
        #expect(try JSONDecoder().decode(Command.self, from: line) == .lookUp(addressOfRecord: "alice@example.org"))
    }

    @Test func whatEndedWhileTheProcessWasAwayLeavesTheJournal() throws {
        var mesh = try Mesh.twoGateways(seed: 11)
        var alice = Phone("alice", port: 6001, server: 0)
        #expect(alice.register(&mesh, password: "pw-alice", expires: 120) == 200)
        #expect(mesh.members[0].journal[.binding]?.count == 1)
        mesh.kill(0)
        mesh.run(for: .seconds(130))
        try mesh.restart(0)
        mesh.run(for: .seconds(1))
        #expect(mesh.members[0].journal[.binding]?.isEmpty ?? true)
    }

    @Test func sayingGoodByeUnregisters() throws {
        var mesh = try Mesh.twoGateways(seed: 7)
        var alice = Phone("alice", port: 6001, server: 0)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        mesh.run(for: .seconds(1))
        mesh.handle(.stop, at: 0)
        let hasStopped = mesh.run(until: { !$0.members[0].isAlive }, within: .seconds(5))
        #expect(hasStopped)
        guard case .lookUp(let report)? = mesh.ask(.lookUp(addressOfRecord: "alice@example.org"), at: 1) else {
            throw Failure("no report")
        }
        #expect(report.registrations.isEmpty)
    }

    @Test func aGatewayServesTheDomainsItBelongsToAndNeedsOne() throws {
        var mesh = Mesh(seed: 10)
        let index = try mesh.add(isGateway: true)
        #expect(throws: NodeConfigurationError.self) { try mesh.restart(index) }
        _ = mesh.ask(.domainCreate(name: "example.net"), at: index)
        _ = mesh.ask(.userAdd(addressOfRecord: "zoe@example.net", password: "1"), at: index)
        try mesh.restart(index)
        mesh.run(for: .seconds(1))
        guard case .status(let status)? = mesh.ask(.status, at: index) else { throw Failure("no status") }
        #expect(status.domains.map(\.name) == ["example.net"])
    }

    @Test func aRemovedUserIsReachableNowhereAndWatchesNobody() throws {
        var mesh = try Mesh.twoGateways(seed: 8)
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 1)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        #expect(bob.register(&mesh, password: "pw-bob") == 200)
        publish(&mesh, &alice, "open", note: "here", tuple: "t1")
        let subscribed = alice.perform(
            &mesh, .subscribe, to: bob.uri, password: "pw-alice",
            headers: [(.event, "presence"), (.expires, "600"), (.contact, alice.contact)])
        #expect(subscribed?.statusCode == 200)
        mesh.run(for: .seconds(1))

        // Removed at the gateway where she is not.
        _ = mesh.ask(.userRemove(addressOfRecord: "alice@example.org"), at: 1)
        mesh.run(for: .seconds(3))
        guard case .lookUp(let report)? = mesh.ask(.lookUp(addressOfRecord: "alice@example.org"), at: 2) else {
            throw Failure("no report")
        }
        #expect(report.registrations.isEmpty && report.certificate == nil && report.presence == nil)
        let refusal = bob.perform(
            &mesh, .message, to: alice.uri, password: "pw-bob", body: [65], contentType: "text/plain")
        #expect(refusal?.statusCode == 404)
        guard case .status(let status)? = mesh.ask(.status, at: 0) else { throw Failure("no status") }
        #expect(status.registeredUsers == 0 && status.publications == 0)
        #expect(mesh.members[0].journal[.binding]?.isEmpty ?? true)
        #expect(alice.register(&mesh, password: "pw-alice") != 200)
    }

    @Test func aClockThatWasFastDoesNotSpoilWhatIsWrittenLater() throws {
        var mesh = try Mesh.twoGateways(seed: 9)
        mesh.kill(0)
        mesh.setClock(of: 0, wrongBy: .minutes(30))
        try mesh.restart(0)
        mesh.run(for: .seconds(3))
        var alice = Phone("alice", port: 6001, server: 0)
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        publish(&mesh, &alice, "open", note: "by the fast clock", tuple: "t1")
        mesh.run(for: .seconds(2))

        mesh.kill(0)
        mesh.setClock(of: 0, wrongBy: .zero)
        try mesh.restart(0)
        mesh.run(for: .seconds(3))
        var desk = Phone("alice", port: 6009, server: 0)
        #expect(desk.register(&mesh, password: "pw-alice") == 200)
        publish(&mesh, &desk, "open", note: "by the right clock", tuple: "t2")
        mesh.run(for: .seconds(2))
        guard case .lookUp(let report)? = mesh.ask(.lookUp(addressOfRecord: "alice@example.org"), at: 1) else {
            throw Failure("no report")
        }
        #expect(report.registrations.flatMap(\.contacts).contains("sip:alice@127.0.0.1:6009"))
        #expect(report.presence?.document.contains("by the right clock") == true)
    }

    private func publish(_ mesh: inout Mesh, _ phone: inout Phone, _ basic: String, note: String, tuple: String) {
        let response = phone.perform(
            &mesh, .publish, to: phone.uri, password: "pw-\(phone.user)",
            headers: [(.event, "presence"), (.expires, "600")],
            body: Phone.presence(phone.user, basic, note: note, tuple: tuple), contentType: "application/pidf+xml")
        #expect(response?.statusCode == 200)
    }

    /// Whether a NOTIFY with this text reaches the phone, which answers all that come.
    private func notified(_ mesh: inout Mesh, _ phone: Phone, _ text: String) -> Bool {
        for _ in 0..<10 {
            guard let notify = mesh.message(from: phone.server, toPort: phone.port, where: { $0.method == .notify })
            else { return false }
            mesh.receive(notify.response(200), at: phone.server, fromPort: phone.port)
            if String(decoding: notify.body, as: UTF8.self).contains(text) { return true }
        }
        return false
    }
}
