import Primitives
import SIPMessages
import SIPStack
import Testing

@testable import Presence

@Suite("Registration information")
struct RegistrationPackageTests {
    private let alice = AddressOfRecord("alice@example.org")!
    private let now = Instant(secondsSince1970: 1_800_000_000)

    private func binding(
        _ contact: String, cseq: UInt32 = 1, expires: Int = 600, preference: Int = 1_000,
        parameters: [(String, String?)] = []
    ) -> Binding {
        Binding(
            aor: alice, contact: SIPURI(contact)!,
            parameters: Parameters(parameters.map { Parameters.Parameter(name: $0.0, text: $0.1) }),
            preference: preference,
            flow: Flow(
                transport: .udp, local: Endpoint(address: .loopback, port: 5060),
                remote: .endpoint(Endpoint(address: .loopback, port: 5070))),
            callID: "r1", cseq: cseq, expires: now + .seconds(expires))
    }

    private func text(_ states: [RegistrationInformation]) -> String {
        String(decoding: RegistrationPackage.document(of: alice, from: states), as: UTF8.self)
    }

    private func events(_ state: RegistrationInformation) -> [ContactEvent] { state.contacts.map(\.event) }

    @Test("A contact with all that is told of it")
    func contact() {
        let instance = "\"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>\""
        var state = RegistrationInformation(
            [
                binding(
                    "sip:alice@192.0.2.1", cseq: 54321, preference: 800,
                    parameters: [("+sip.instance", instance), ("audio", nil)])
            ], at: now, publicGRUU: { _ in "sip:alice@example.org;gr=hha9s8d-999a" })
        state.asOf = now + .seconds(60)
        let document = text([state])
        #expect(document.contains("version=\"0\" state=\"full\"><registration aor=\"sip:alice@example.org\" id="))
        #expect(document.contains("state=\"active\"><contact id="))
        #expect(
            document.contains(
                "state=\"active\" event=\"registered\" duration-registered=\"60\" expires=\"540\" q=\"0.8\" "
                    + "callid=\"r1\" cseq=\"54321\"><uri>sip:alice@192.0.2.1</uri>"))
        #expect(document.contains("<unknown-param name=\"+sip.instance\">\"&lt;urn:uuid:f81d4fae"))
        #expect(document.contains("<unknown-param name=\"audio\"/>"))
        #expect(document.contains("uri=\"sip:alice@example.org;gr=hha9s8d-999a\"/>"))
    }

    /// RFC 5628 §5: with what other registrations tell of the device the public GRUU is told too.
    @Test("A device is told with its public GRUU")
    func device() {
        let instance = ("+sip.instance", "\"<urn:uuid:7>\"" as String?)
        let document = text([
            RegistrationInformation(
                [binding("sip:a@h1", parameters: [instance]), binding("sip:a@h2")], at: now)
        ])
        #expect(document.matches(of: /uri="sip:alice@example\.org;gr=urn:uuid:7"/).count == 1)
        #expect(document.matches(of: /gruu/).count >= 1 && !document.contains("temp-gruu"))
    }

    @Test("What happened to each contact is told from what there was before")
    func changes() {
        var state = RegistrationInformation([binding("sip:a@h1")], at: now)
        #expect(events(state) == [.registered])
        state.update(to: [binding("sip:a@h1", cseq: 2, expires: 900), binding("sip:a@h2")], at: now + .seconds(300))
        #expect(events(state) == [.refreshed, .registered])
        #expect(state.contacts.first?.registered == now)
        state.update(to: [binding("sip:a@h1", cseq: 2, expires: 900)], at: now + .seconds(310))
        #expect(events(state) == [.refreshed, .unregistered])
        #expect(RegistrationInformation.state(of: state.contacts) == .active)
        state.update(to: [], at: now + .seconds(900))
        #expect(events(state) == [.expired])
        #expect(text([state]).contains("state=\"terminated\"><contact"))
        #expect(!text([state]).contains("expires=\""))
        state.update(to: [], at: now + .seconds(901))
        #expect(text([state]).contains("state=\"init\"/>"))
    }

    @Test(
        "Why a binding ended is told where it is known",
        arguments: [
            (.removed, .unregistered), (.replaced, .unregistered), (.expired, .expired), (.flowFailed, .deactivated),
        ] as [(UnregistrationReason, ContactEvent)])
    func reasons(reason: UnregistrationReason, event: ContactEvent) {
        var state = RegistrationInformation([binding("sip:a@h1")], at: now)
        state.update(to: [], at: now, reasons: ["sip:a@h1": reason])
        #expect(events(state) == [event])
    }

    @Test("The contacts of several nodes stand in one registration, each once")
    func nodes() {
        var left = RegistrationInformation([binding("sip:a@h1"), binding("sip:a@h2")], at: now)
        left.update(to: [binding("sip:a@h2")], at: now)
        let entered = RegistrationInformation([binding("sip:a@h1", cseq: 9)], at: now)
        let document = text([left, entered])
        #expect(document.split(separator: "<contact ").count == 3)
        #expect(document.contains("cseq=\"9\""))
        #expect(!document.contains("terminated"))
        #expect(text([entered, left]).contains("cseq=\"9\""))
    }

    @Test("Nobody is registered of whom nothing is known")
    func empty() {
        #expect(text([]).contains("state=\"init\"/></reginfo>"))
        #expect(text([RegistrationInformation(asOf: now)]) == text([]))
    }

    @Test("Without permission for everything no contact is shown")
    func privacy() throws {
        let document = RegistrationPackage.document(
            of: alice, from: [RegistrationInformation([binding("sip:a@h1")], at: now)])
        let shown = try #require(RegistrationPackage.document(document, permittedBy: .nothing))
        let text = String(decoding: shown, as: UTF8.self)
        #expect(text.contains("state=\"active\"/></reginfo>"))
        #expect(!text.contains("h1"))
        #expect(RegistrationPackage.document(document, permittedBy: .everything) == document)
        let hidden = RegistrationPackage.document(of: alice, from: [])
        #expect(RegistrationPackage.document(hidden, permittedBy: .nothing) == hidden)
    }

    @Test("The version is spliced in; publications are refused")
    func version() {
        let document = RegistrationPackage.document(of: alice, from: [])
        let numbered = String(decoding: RegistrationPackage.document(document, version: 12), as: UTF8.self)
        #expect(numbered.contains(" version=\"12\" state=\"full\">"))
        #expect(throws: EventStateError.self) { try RegistrationPackage.state(of: document) }
    }

    @Test("Contacts are bounded")
    func bounds() {
        let many = (0..<300).map { binding("sip:a@h\($0)") }
        var state = RegistrationInformation(many, at: now)
        #expect(state.contacts.count == RegistrationInformation.maximumContacts)
        state.update(to: Array(many.reversed()), at: now)
        #expect(state.contacts.count <= 2 * RegistrationInformation.maximumContacts)
    }

    @Test("What is written is valid", .enabled(if: PresenceFixtures.schema != nil))
    func schema() throws {
        var state = RegistrationInformation(
            [binding("sip:a@h1", parameters: [("+sip.instance", "\"<urn:x>\"")]), binding("sip:a@h2")], at: now,
            publicGRUU: { _ in "sip:alice@example.org;gr=1" })
        state.update(to: [binding("sip:a@h1", cseq: 2)], at: now, publicGRUU: { _ in "sip:alice@example.org;gr=1" })
        for document in [
            RegistrationPackage.document(of: alice, from: [state]), RegistrationPackage.document(of: alice, from: []),
        ] {
            let numbered = RegistrationPackage.document(document, version: .max)
            #expect(try PresenceFixtures.schemaComplaints(about: numbered) == "")
            let shown = try #require(RegistrationPackage.document(numbered, permittedBy: .nothing))
            #expect(try PresenceFixtures.schemaComplaints(about: shown) == "")
        }
    }
}
