import OverlayNode
import Primitives
import SIPMessages
import Testing

/// A colleague's lamp follows the calls that pass the gateway, with no phone publishing anything.
@Suite struct BusyLampTests {
    private struct Office {
        var mesh: Mesh
        var alice = Phone("alice", port: 6001, server: 0)
        var bob = Phone("bob", port: 6002, server: 0)

        init(seed: UInt64) throws {
            mesh = try Mesh.twoGateways(seed: seed)
            #expect(alice.register(&mesh, password: "pw-alice") == 200)
            #expect(bob.register(&mesh, password: "pw-bob") == 200)
            let subscribed = bob.perform(
                &mesh, .subscribe, to: alice.uri, password: "pw-bob",
                headers: [(.event, "dialog"), (.expires, "600"), (.contact, bob.contact)])
            #expect(subscribed?.statusCode == 200)
        }

        /// Has alice call bob.
        /// - Returns: the INVITE as it reaches bob.
        mutating func call() throws -> SIPMessage {
            _ = try lamp()
            alice.send(
                &mesh, .invite, to: bob.uri, password: "pw-alice", headers: [(.contact, alice.contact)])
            #expect(try lamp() == ["trying"])
            return try #require(mesh.message(from: 0, toPort: bob.port) { $0.method == .invite })
        }

        /// The states in the next NOTIFY to bob, which it answers.
        mutating func lamp() throws -> [Substring] {
            let notify = try #require(mesh.message(from: 0, toPort: bob.port) { $0.method == .notify })
            mesh.receive(notify.response(200), at: 0, fromPort: bob.port)
            return String(decoding: notify.body, as: UTF8.self).matches(of: /<state[^>]*>([a-z]+)</).map(\.output.1)
        }
    }

    @Test func aCallLightsTheLampAndItsEndPutsItOut() throws {
        var office = try Office(seed: 41)
        let invite = try office.call()
        office.mesh.receive(invite.response(180, toTag: "b"), at: 0, fromPort: office.bob.port)
        #expect(try office.lamp() == ["early"])
        let ok = invite.response(200, toTag: "b", headers: [(.contact, office.bob.contact)])
        office.mesh.receive(ok, at: 0, fromPort: office.bob.port)
        #expect(try office.lamp() == ["confirmed"])
        #expect(office.alice.final(&office.mesh)?.statusCode == 200)
        let bye = SIPMessage.request(
            .bye, uri: SIPURI("sip:alice@127.0.0.1:6001")!,
            headers: [
                (.via, "SIP/2.0/UDP 127.0.0.1:6002;branch=z9hG4bKbye;rport"), (.maxForwards, "70"),
                (.from, "\(invite.value(.to)!.string);tag=b"), (.to, invite.value(.from)!.string),
                (.callID, invite.value(.callID)!.string), (.cseq, "1 BYE"),
            ] + invite.values(.recordRoute).map { (.route, $0.string) })
        office.mesh.receive(bye, at: 0, fromPort: office.bob.port)
        let atAlice = try #require(office.mesh.message(from: 0, toPort: office.alice.port) { $0.method == .bye })
        office.mesh.receive(atAlice.response(200), at: 0, fromPort: office.alice.port)
        #expect(try office.lamp() == ["terminated"])
    }

    @Test func aCallThatNobodyTakesPutsItOut() throws {
        var office = try Office(seed: 42)
        let invite = try office.call()
        office.mesh.receive(invite.response(486, toTag: "b"), at: 0, fromPort: office.bob.port)
        #expect(try office.lamp() == ["terminated"])
    }
}
