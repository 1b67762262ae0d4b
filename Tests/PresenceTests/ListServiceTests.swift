import Presence
import Primitives
import SIPMessages
import Testing
import XMLTree

@Suite("Subscriptions to lists that documents define")
struct ListServiceTests {
    private static let friends = AddressOfRecord("friends@example.org")!
    private static let staff = AddressOfRecord("staff@example.org")!
    private static let carol = AddressOfRecord("carol@example.org")!
    private static let aliceURI = "sip:alice@example.org"
    private static let carolURI = "sip:carol@example.org"

    private static func service(
        _ uri: AddressOfRecord, _ members: [String], packages: Set<String>? = nil
    ) -> ListService {
        ListService(uri: uri, packages: packages, members: members.map { ListMember(uri: $0) })
    }

    private static func subscribe(
        _ driver: inout AgentDriver, to list: AddressOfRecord, call: String = "list", tag: String? = nil, cseq: Int = 1,
        headers: [String] = AgentDriver.listHeaders, event: String = "presence",
        as user: AddressOfRecord = AgentDriver.bob
    ) throws -> Int {
        try driver.subscribe(
            call: call, to: tag, cseq: cseq, extra: headers, event: event, uri: "sip:\(list)", as: user)
    }

    /// Subscribed to `friends` of bob's own with alice and carol in it.
    private static func subscribed() throws -> (driver: AgentDriver, reader: ListReader) {
        var driver = AgentDriver()
        driver.handle(.lists(of: AgentDriver.bob, [service(friends, [aliceURI, carolURI])]))
        #expect(try subscribe(&driver, to: friends) == 200)
        var reader = ListReader()
        try reader.take(driver.sent[0].message)
        driver.answer(driver.sent[0])
        return (driver, reader)
    }

    @Test("A service of a document becomes one of the agent's, references resolved")
    func made() throws {
        let document = ListFixtures.services(
            "<service uri='sip:friends@example.org'><resource-list>http://x/l</resource-list>"
                + "<packages><package>presence</package></packages></service><service uri='tel:+1'><list/></service>")
        let services = try RLSServices.parse(Array(document.utf8))
        let resolved: [ListReference: ListReference.Target] = [
            .list("http://x/l"): .list(try ListFixtures.parse(ListFixtures.list([Self.aliceURI])))
        ]
        #expect(
            ListService(services[0], resolving: { resolved[$0] })
                == Self.service(Self.friends, [Self.aliceURI], packages: ["presence"]))
        #expect(ListService(services[1]) == nil)
    }

    @Test("A user's list is there for the user alone; for others its URI is like any other")
    func owners() throws {
        var (driver, reader) = try Self.subscribed()
        #expect(reader.told == ["\(Self.aliceURI) active", "\(Self.carolURI) active"])
        #expect(try Self.subscribe(&driver, to: Self.friends, call: "carol", as: Self.carol) == 200)
        #expect(driver.response?.contains(.require) == false)
        #expect(summary(driver.sent[0].document) == "nobody=closed")
        // Nobody takes over another's name by defining a list under it.
        driver.handle(.lists(of: Self.carol, [Self.service(AgentDriver.alice, [Self.carolURI])]))
        try driver.publish(tuple("a", "open"))
        try driver.subscribe(call: "alice")
        #expect(summary(driver.sent[0].document) == "a=open")
        // A list for everybody is one for carol as well.
        driver.handle(.lists(of: nil, [Self.service(Self.staff, ["sip:dave@example.org"])]))
        #expect(try Self.subscribe(&driver, to: Self.staff, call: "staff", as: Self.carol) == 200)
        reader = ListReader()
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["sip:dave@example.org active"])
    }

    @Test("A list asks for understanding, and for a package that it serves")
    func refused() throws {
        var driver = AgentDriver()
        driver.handle(.lists(of: AgentDriver.bob, [Self.service(Self.friends, [Self.aliceURI], packages: ["dialog"])]))
        #expect(try Self.subscribe(&driver, to: Self.friends, headers: []) == 421)
        #expect(driver.response?.value(.require)?.string == "eventlist")
        #expect(try Self.subscribe(&driver, to: Self.friends) == 489)
        #expect(driver.agent.subscriptionCount == 0)
    }

    @Test("Lists in a list are flattened, however they contain each other, as far as the subscriber may use them")
    func nested() throws {
        var driver = AgentDriver()
        let other = AddressOfRecord("other@example.org")!
        driver.handle(
            .lists(of: nil, [Self.service(Self.staff, [Self.carolURI, "sip:\(Self.friends)", "sip:\(other)"])]))
        driver.handle(.lists(of: Self.carol, [Self.service(other, [Self.carolURI])]))
        driver.handle(
            .lists(
                of: AgentDriver.bob,
                [Self.service(Self.friends, ["sip:\(Self.staff)", Self.aliceURI, "sip:\(Self.friends)"])]))
        _ = try Self.subscribe(&driver, to: Self.friends)
        var reader = ListReader()
        try reader.take(driver.sent[0].message)
        #expect(reader.last == [Self.carolURI, Self.aliceURI, "sip:\(other)"])
    }

    @Test("When a list changes its subscriber is told everything; who is in it no more is watched no more")
    func changes() throws {
        var (driver, reader) = try Self.subscribed()
        let services = [Self.service(Self.friends, [Self.carolURI, "sip:dave@example.org"])]
        driver.handle(.lists(of: AgentDriver.bob, services))
        #expect(
            driver.actions.contains {
                if case .unwatchRemote(EventResource(AgentDriver.alice)) = $0 { true } else { false }
            })
        #expect(
            !driver.actions.contains { if case .unwatchRemote(EventResource(Self.carol)) = $0 { true } else { false } })
        driver.advance(.seconds(1))
        try reader.take(driver.sent[0].message)
        #expect(reader.wasFull)
        #expect(reader.told == ["\(Self.carolURI) active", "sip:dave@example.org active"])
        driver.answer(driver.sent[0])
        driver.advance(.seconds(1))
        // Members are told of under their new places.
        try driver.publish(tuple("c", "open"), of: Self.carol)
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.carolURI) active"])
        driver.answer(driver.sent[0])
        driver.advance(.seconds(1))
        try driver.publish(tuple("a", "open"))
        #expect(driver.sent.isEmpty)
        driver.handle(.lists(of: AgentDriver.bob, services))
        driver.advance(.seconds(1))
        #expect(driver.sent.isEmpty)
        #expect(driver.agent.subscriptionCount == 3)
    }

    @Test("A list that is no more ends its subscriptions")
    func gone() throws {
        var (driver, reader) = try Self.subscribed()
        driver.handle(.lists(of: Self.carol, []))
        driver.handle(.lists(of: nil, []))
        #expect(driver.sent.isEmpty)
        driver.handle(.lists(of: AgentDriver.bob, []))
        #expect(driver.sent.map(\.state) == ["terminated;reason=noresource"])
        try reader.take(driver.sent[0].message)
        driver.answer(driver.sent[0])
        #expect(driver.agent.subscriptionCount == 0)
        #expect(driver.journal[.subscription] == [:])
    }

    @Test("After a restart the members are those that were kept, until the lists are told again")
    func restart() throws {
        var (driver, reader) = try Self.subscribed()
        driver.restart()
        driver.handle(.lists(of: nil, []))
        #expect(driver.sent.count == 1)
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.aliceURI) active", "\(Self.carolURI) active"])
        driver.answer(driver.sent[0])
        driver.handle(.lists(of: AgentDriver.bob, [Self.service(Self.friends, [Self.carolURI])]))
        driver.advance(.seconds(1))
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.carolURI) active"])
    }

    @Test("What was kept is what the list had last, and a list that went meanwhile ends")
    func restartAfterChange() throws {
        var (driver, reader) = try Self.subscribed()
        driver.handle(.lists(of: AgentDriver.bob, [Self.service(Self.friends, [Self.carolURI])]))
        driver.restart()
        driver.advance(.seconds(1))
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["\(Self.carolURI) active"])
        driver.answer(driver.sent[0])
        driver.handle(.lists(of: AgentDriver.bob, []))
        #expect(driver.sent.map(\.state) == ["terminated;reason=noresource"])
    }

    @Test("The lists of a user who is removed are no more")
    func removed() throws {
        var (driver, _) = try Self.subscribed()
        driver.handle(.remove(AgentDriver.bob))
        #expect(driver.sent.map(\.state) == ["terminated;reason=rejected"])
        driver.answer(driver.sent[0])
        #expect(driver.agent.subscriptionCount == 0)
        #expect(try Self.subscribe(&driver, to: Self.friends, call: "again") == 200)
        #expect(driver.response?.contains(.require) == false)
    }

    @Test("Other packages are served as lists without more: who watches those whom alone one may ask about")
    func otherPackage() throws {
        var driver = AgentDriver()
        driver.handle(
            .lists(of: AgentDriver.bob, [Self.service(Self.friends, ["sip:bob@example.org", Self.aliceURI])]))
        let headers = ["Supported: eventlist", "Accept: application/watcherinfo+xml, */*"]
        #expect(try Self.subscribe(&driver, to: Self.friends, headers: headers, event: "presence.winfo") == 200)
        var reader = ListReader()
        try reader.take(driver.sent[0].message)
        #expect(reader.told == ["sip:bob@example.org active", "\(Self.aliceURI) rejected"])
        driver.answer(driver.sent[0])
        try driver.subscribe(call: "carol", uri: "sip:bob@example.org", as: Self.carol)
        driver.advance(.seconds(5))
        let sent = try #require(driver.sent.last { $0.message.contains(.require) })
        try reader.take(sent.message)
        let root = try XMLDocument(parsing: try #require(reader.rows["sip:bob@example.org"]?.document)).root
        #expect(root[attribute: XMLName("version")] == "1")
        #expect(root.elements.flatMap(\.elements).map(\.text) == [Self.carolURI])
    }
}
