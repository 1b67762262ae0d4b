import Presence
import Testing
import XMLTree

@Suite("When a filter lets a notification go out (RFC 4661 §3.6)")
struct FilterTriggerTests {
    private typealias Fixtures = FilterFixtures

    private static let basic = "/pidf:presence/pidf:tuple/pidf:status/pidf:basic"

    @Test(
        arguments: [
            ("<changed from='CLOSED' to='OPEN'>\(basic)</changed>", ">closed<", ">open<", true),
            ("<changed from='CLOSED' to='OPEN'>\(basic)</changed>", "chat", "talk", false),
            ("<changed from='OPEN' to='CLOSED'>\(basic)</changed>", ">closed<", ">open<", false),
            ("<changed>\(basic)</changed>", ">closed<", ">open<", true),
            ("<changed>//pidf:tuple</changed>", "chat", "talk", true),
            ("<changed>//dm:person</changed>", "chat", "talk", false),
            ("<changed to='open'>\(basic)</changed>", ">closed<", ">open<", true),
            ("<changed from='open'>\(basic)</changed>", ">closed<", ">open<", false),
            ("<changed>//pidf:contact/@priority</changed>", "\"0.8\"", "\"0.9\"", true),
            ("<changed by='0.5'>//pidf:contact/@priority</changed>", "\"0.8\"", "\"0.9\"", false),
            ("<changed by='0.5'>//pidf:contact/@priority</changed>", "\"0.8\"", "\"0.3\"", true),
            ("<changed by='0.5' to='0.2'>//pidf:contact/@priority</changed>", "\"0.8\"", "\"0.3\"", false),
            ("<changed by='1'>\(basic)</changed>", ">closed<", ">open<", false),
            // A node that came or went has not changed.
            ("<changed>//rpid:mood</changed>", "<r:mood><r:happy/></r:mood>", "", false),
            ("<removed>//rpid:mood</removed>", "<r:mood><r:happy/></r:mood>", "", true),
            ("<added>//rpid:mood</added>", "<r:mood><r:happy/></r:mood>", "", false),
            (
                "<added>//pidf:tuple</added>", "<note>everybody", "<tuple id=\"x\"><status/></tuple><note>everybody",
                true
            ),
            ("<added>//pidf:tuple</added>", "id=\"im\"", "id=\"other\"", true),
            ("<added>//pidf:tuple/@id</added>", "id=\"im\"", "id=\"other\"", true),
            ("<added>//pidf:contact/@priority</added>", "<contact priority=\"0.8\">", "<contact>", false),
            ("<removed>//pidf:contact/@priority</removed>", "<contact priority=\"0.8\">", "<contact>", true),
            // All in one trigger have to happen.
            ("<changed>//pidf:basic</changed><removed>//rpid:mood</removed>", ">closed<", ">open<", false),
            // One trigger of several is enough.
            (
                "<removed>//rpid:mood</removed></trigger><trigger><changed>//pidf:basic</changed>", ">closed<",
                ">open<", true
            ),
            // An empty trigger is none, and then every change counts.
            ("", "chat", "talk", true),
        ])
    func trigger(events: String, old: String, new: String, isActive: Bool) throws {
        let filter = try Fixtures.filter(
            "<what><include>//pidf:tuple</include></what><trigger>\(events)</trigger>")
        let before = try Fixtures.parse(Fixtures.presence)
        let after = try Fixtures.parse(Fixtures.presence.replacing(old, with: new))
        #expect(before != after)
        #expect(filter.isTriggered(from: before, to: after) == isActive)
        if !events.isEmpty { #expect(!filter.isTriggered(from: before, to: before)) }
    }
}
