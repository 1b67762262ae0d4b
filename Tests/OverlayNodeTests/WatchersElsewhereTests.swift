import Foundation
import Identity
import OverlayNode
import Primitives
import SIPMessages
import Testing

/// What watchers see, and storing nodes don't, whose nodes do not hold the presentity's account.
@Suite struct WatchersElsewhereTests {
    private static let seeServices =
        "<provide-services><all-services/></provide-services>"
    private static let seeAll = seeServices + "<provide-all-attributes/>"

    private static func rules(_ watchers: (user: String, handling: String, permissions: String)...) -> [UInt8] {
        let rules = watchers.enumerated().map { number, watcher in
            """
            <cp:rule id="r\(number)"><cp:conditions><cp:identity><cp:one id="sip:\(watcher.user)"/></cp:identity>\
            </cp:conditions><cp:actions><sub-handling>\(watcher.handling)</sub-handling></cp:actions>\
            <cp:transformations>\(watcher.permissions)</cp:transformations></cp:rule>
            """
        }
        return Array(
            """
            <cp:ruleset xmlns="urn:ietf:params:xml:ns:pres-rules" xmlns:cp="urn:ietf:params:xml:ns:common-policy">\
            \(rules.joined())</cp:ruleset>
            """.utf8)
    }

    private var alice = Phone("alice", port: 6001, server: 0)
    private var carol = Phone("carol", port: 6002, server: 1, domain: "example.net")
    private var dave = Phone("dave", port: 6003, server: 1, domain: "example.net")
    private var erin = Phone("erin", port: 6004, server: 3)
    private var client = XCAPClient("alice")

    private mutating func begin(_ mesh: inout Mesh, _ rules: [UInt8]?) {
        if let rules { set(&mesh, rules) }
        #expect(alice.register(&mesh, password: "pw-alice") == 200)
        publish(&mesh, "first note")
    }

    private mutating func set(_ mesh: inout Mesh, _ rules: [UInt8]) {
        let put = client.perform(
            &mesh, at: 0, "PUT", client.path("pres-rules"), type: XCAPClient.policy, body: rules)
        #expect([200, 201].contains(put?.status))
    }

    private mutating func publish(_ mesh: inout Mesh, _ note: String) {
        let response = alice.perform(
            &mesh, .publish, to: alice.uri, password: "pw-alice", headers: [(.event, "presence"), (.expires, "600")],
            body: Phone.presence("alice", "open", note: note, tuple: "t1"), contentType: "application/pidf+xml")
        #expect(response?.statusCode == 200)
    }

    private func watch(_ mesh: inout Mesh, _ phone: inout Phone, _ target: SIPURI, event: String = "presence") {
        let response = phone.perform(
            &mesh, .subscribe, to: target, password: "pw-\(phone.user)",
            headers: [(.event, event), (.expires, "600"), (.contact, phone.contact)])
        #expect(response?.statusCode == 200)
    }

    /// The last document that reaches the phone until nothing has come for two seconds.
    private func shown(_ mesh: inout Mesh, to phone: Phone) -> String {
        var last = ""
        while let notify = mesh.message(
            from: phone.server, toPort: phone.port, within: .seconds(2), where: { $0.method == .notify })
        {
            mesh.receive(notify.response(200), at: phone.server, fromPort: phone.port)
            last = String(decoding: notify.body, as: UTF8.self)
        }
        return last
    }

    @Test mutating func aWatcherOfAnotherDomainSeesWhatTheRulesGrant() throws {
        var mesh = try Mesh.twoDomains(seed: 71)
        begin(
            &mesh,
            Self.rules(("carol@example.net", "allow", Self.seeServices), ("erin@example.org", "allow", Self.seeAll)))
        watch(&mesh, &carol, alice.uri)
        watch(&mesh, &dave, alice.uri)
        watch(&mesh, &erin, alice.uri)
        let limited = shown(&mesh, to: carol)
        #expect(limited.contains("open") && !limited.contains("note"))
        #expect(!shown(&mesh, to: dave).contains("open"))
        #expect(shown(&mesh, to: erin).contains("first note"))
        // The same out of the record, when the gateway of example.org is gone.
        publish(&mesh, "second note")
        #expect(shown(&mesh, to: erin).contains("second note"))
        #expect(shown(&mesh, to: carol) == "")
        // Rules that change act at once, for better and for worse.
        set(
            &mesh,
            Self.rules(
                ("carol@example.net", "block", ""), ("dave@example.net", "allow", Self.seeServices),
                ("erin@example.org", "polite-block", "")))
        #expect(!shown(&mesh, to: carol).contains("open"))
        #expect(!shown(&mesh, to: erin).contains("open"))
        publish(&mesh, "third note")
        #expect(shown(&mesh, to: carol) == "" && shown(&mesh, to: erin) == "")
        #expect(shown(&mesh, to: dave).contains("open"))
    }

    @Test mutating func whoHasNoRulesIsSeenByColleaguesAndToldOfStrangers() throws {
        var mesh = try Mesh.twoDomains(seed: 72)
        begin(&mesh, nil)
        watch(&mesh, &alice, alice.uri, event: "presence.winfo")
        watch(&mesh, &erin, alice.uri)
        #expect(shown(&mesh, to: erin).contains("first note"))
        watch(&mesh, &carol, alice.uri)
        #expect(!shown(&mesh, to: carol).contains("open"))
        mesh.run(for: .seconds(6))
        let watchers = shown(&mesh, to: alice)
        #expect(watchers.contains("sip:carol@example.net") && watchers.contains("pending"))
        set(&mesh, Self.rules(("carol@example.net", "allow", Self.seeAll)))
        #expect(shown(&mesh, to: carol).contains("first note"))
    }

    @Test mutating func nobodySpeaksForUsersOfADomainWhoseKeyIsNotKnown() throws {
        var mesh = try Mesh.twoDomains(seed: 73, isKnown: false)
        // The other side alone knows a key.
        guard case .domains(let known)? = mesh.ask(.domainList, at: 0) else { throw Failure("no list") }
        let key = try #require(PublicSigningKey(text: known[0].key))
        mesh.configure(1) { $0.domainKeys = ["example.org": key] }
        try mesh.restart(1)
        mesh.run(for: .seconds(2))
        begin(&mesh, Self.rules(("carol@example.net", "allow", Self.seeAll)))
        watch(&mesh, &carol, alice.uri)
        #expect(!shown(&mesh, to: carol).contains("open"))
        guard case .status(let status)? = mesh.ask(.status, at: 0) else { throw Failure("no status") }
        #expect(status.counters["watcher-unproved", default: 0] > 0)
    }

    @Test mutating func aStoringNodeLearnsNeitherStateNorWatchers() throws {
        var mesh = try Mesh.twoDomains(seed: 74)
        begin(
            &mesh,
            Self.rules(("carol@example.net", "allow", Self.seeServices), ("dave@example.net", "allow", Self.seeAll)))
        watch(&mesh, &carol, alice.uri)
        watch(&mesh, &dave, alice.uri)
        #expect(shown(&mesh, to: dave).contains("first note"))
        publish(&mesh, "second note")
        mesh.run(for: .seconds(2))
        let record = try #require(try mesh.presenceRecords(at: 2).first)
        #expect(record.name == "alice")
        let value = try PresenceValue(decoding: record.value)
        #expect(value.variants.count == 2)
        #expect(Set(value.variants.map(\.sealed.count)).count == 1, "lengths are hidden")
        // All that the node has of anybody: records and contacts.
        for (_, table) in mesh.members[2].journal {
            for (key, entry) in table {
                let text = String(decoding: key + entry, as: UTF8.self)
                for secret in ["second note", "first note", "open", "carol@", "dave@"] {
                    let isCertificate = text.contains("carol") && !text.contains("alice")
                    #expect(!text.contains(secret) || isCertificate, "\(secret)")
                }
            }
        }
    }

    @Test mutating func keysOutliveAKilledPublisherAndItsRecordServesMeanwhile() throws {
        var mesh = try Mesh.twoDomains(seed: 75)
        begin(&mesh, Self.rules(("carol@example.net", "allow", Self.seeAll)))
        watch(&mesh, &carol, alice.uri)
        #expect(shown(&mesh, to: carol).contains("first note"))
        publish(&mesh, "second note")
        #expect(shown(&mesh, to: carol).contains("second note"))
        mesh.run(for: .seconds(2))
        let before = try PresenceValue(decoding: try #require(try mesh.presenceRecords(at: 2).first).value)
        mesh.kill(0)
        mesh.run(for: .seconds(2))
        // A first node that is killed so early remembers nobody.
        mesh.configure(0) { $0.bootstrap = [Mesh.overlayEndpoint(1)] }
        try mesh.restart(0)
        mesh.run(for: .seconds(5))
        publish(&mesh, "third note")
        #expect(shown(&mesh, to: carol).contains("third note"))
        mesh.run(for: .seconds(2))
        let after = try PresenceValue(decoding: try #require(try mesh.presenceRecords(at: 2).first).value)
        #expect(before.variants.map(\.label) == after.variants.map(\.label))
        #expect(before.variants.count == 1 && before != after)
    }
}
