import Presence
import SIPMessages
import Testing
import XMLTree

/// Lists as tests write them, and how their notifications are read.
enum ListFixtures {
    /// A resource lists document around lists.
    static func document(_ lists: String) -> String {
        "<?xml version='1.0'?><resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists' "
            + "xmlns:x='urn:example:x'>\(lists)</resource-lists>"
    }

    static func entries(_ uris: [String]) -> String { uris.map { "<entry uri='\($0)'/>" }.joined() }

    static func list(_ uris: [String]) -> String { "<list>\(entries(uris))</list>" }

    /// A document with one flat list.
    static func flat(_ uris: [String]) -> String { document(list(uris)) }

    static func parse(_ lists: String) throws -> ResourceList {
        try ResourceList(parsing: Array(document(lists).utf8))
    }

    static func services(_ inner: String) -> String {
        "<?xml version='1.0'?><rls-services xmlns='urn:ietf:params:xml:ns:rls-services' "
            + "xmlns:rl='urn:ietf:params:xml:ns:resource-lists'>\(inner)</rls-services>"
    }

    /// The parts of a NOTIFY for a list, checked for what RFC 4662 §5 and RFC 2387 §3 ask of every one.
    static func read(_ message: SIPMessage) throws -> (rlmi: RLMI, states: [String: [UInt8]]) {
        let type = try #require(try message.contentType)
        #expect(type.essence == "multipart/related")
        #expect(type.parameters["type"] == "application/rlmi+xml")
        let boundary = try #require(type.parameters["boundary"])
        let parts = try MultipartBody(parsing: message.body, boundary: boundary).parts
        let root = try #require(parts.first)
        #expect(root["Content-ID"] == type.parameters["start"])
        #expect(root.contentType?.essence == "application/rlmi+xml")
        let rlmi = try #require(RLMI(parsing: root.content))
        var states: [String: [UInt8]] = [:]
        for part in parts.dropFirst() { states[try #require(part.contentID)] = part.content }
        #expect(states.count == parts.count - 1, "Content-IDs are unique")
        let named = rlmi.resources.flatMap(\.instances).compactMap(\.contentID)
        #expect(named.sorted() == states.keys.sorted(), "every part is named once")
        return (rlmi, states)
    }
}
