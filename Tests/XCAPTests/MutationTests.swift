import Primitives
import Testing
import XMLTree

@testable import XCAP

/// Nothing that comes from outside stops the server: requests, documents and header fields with bytes changed at random.
struct MutationTests {
    private static let bases = [
        XCAPRequest(
            .put, path: "/test/users/sip:joe@example.com/index/~~/r/x:a%5B@n=%221%22%5D/b%5B2%5D",
            query: "xmlns(x=u:p)",
            contentType: "application/xcap-el+xml", body: Array("<b xmlns='u' n='&amp;'><c/>x</b>".utf8),
            user: XCAPFixture.joe),
        XCAPRequest(
            .put, path: "/test/users/sip:joe@example.com/index/~~/*/*%5B1%5D/@n",
            contentType: "application/xcap-att+xml",
            body: Array("\"&lt;1&#x41;\"".utf8), user: XCAPFixture.joe),
        XCAPRequest(.get, path: "/test/users/sip:joe@example.com/index/~~/r/namespace::*", user: XCAPFixture.joe),
        XCAPRequest(.delete, path: "/test/users/sip:joe@example.com/index/~~/r/*%5B1%5D", user: XCAPFixture.joe),
        XCAPRequest(
            .put, path: ResourceListsTests.path, contentType: "application/resource-lists+xml",
            body: Array(SchemaSample.all[0].text.utf8), user: XCAPFixture.joe),
        XCAPRequest(
            .put, path: "/rls-services/users/joe@example.com/index", contentType: "application/rls-services+xml",
            body: Array(SchemaSample.all[1].text.utf8), user: XCAPFixture.joe),
        XCAPRequest(
            .put, path: "/pres-rules/users/joe@example.com/index", contentType: "application/auth-policy+xml",
            body: Array(SchemaSample.all[2].text.utf8), user: XCAPFixture.joe),
        XCAPRequest(
            .put, path: "/pidf-manipulation/users/joe@example.com/index", contentType: "application/pidf+xml",
            body: Array(SchemaSample.all[3].text.utf8), user: XCAPFixture.joe),
    ]

    private static let tokens = [
        "%", "%5B", "%5D", "/", "~~", "[", "]", "@", "\"", "'", "&", "<", ">", "(", ")", "^", ":", "*", "=", "<!--",
        "-->", "]]>",
        "<![CDATA[", "<?", "?>", "&#x", ";", "xmlns", "\u{0}", "\u{301}", "🐦", "999999999999", "/>", "</",
    ]

    private static func changed(_ bytes: [UInt8], _ random: inout RandomSource) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let position = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where position < bytes.count: bytes[position] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(position..<min(bytes.count, position + Int.random(in: 0...9, using: &random)))
            case 2: bytes.insert(contentsOf: tokens.randomElement(using: &random)!.utf8, at: position)
            default: bytes.insert(contentsOf: bytes[position...].prefix(20), at: position)
            }
        }
        return bytes
    }

    private static func changed(_ text: String, _ random: inout RandomSource) -> String {
        String(decoding: changed(Array(text.utf8), &random), as: UTF8.self)
    }

    @Test(arguments: 0..<4)
    func anyRequestIsAnswered(_ seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        var markup = RandomMarkup(seed: seed)
        let server = XCAPFixture().server
        var statuses: Set<Int> = []
        for round in 0..<600 {
            var request = Self.bases[round % Self.bases.count]
            if Bool.random(using: &random) { request.path = Self.changed(request.path, &random) }
            if let query = request.query, Bool.random(using: &random) { request.query = Self.changed(query, &random) }
            if Bool.random(using: &random) { request.body = Self.changed(request.body, &random) }
            request.ifMatch = EntityTagCondition(Self.changed("W/\"a\", \"b\"", &random))
            if round.isMultiple(of: 2) { request.ifMatch = nil }
            var document = Array(markup.document().utf8)
            if round.isMultiple(of: 5) { document = Self.changed(document, &random) }
            let present = StoredDocument(bytes: document, tag: server.entityTag(of: document))
            _ = server.source(for: request)
            let outcome = server.respond(to: request, present: round.isMultiple(of: 7) ? nil : present)
            statuses.insert(outcome.response.status)
            guard case .store(let stored) = outcome.change else { continue }
            #expect([200, 201].contains(outcome.response.status))
            _ = try DocumentMarkup(stored.bytes)
            _ = try XMLDocument(parsing: stored.bytes)
        }
        #expect(statuses.isSubset(of: [200, 201, 400, 403, 404, 405, 409, 412, 414, 415, 500]))
        #expect(statuses.isSuperset(of: [200, 201, 400, 403, 404, 409, 412]))
    }

    /// The scanner by itself, without the parser that stands before it.
    @Test(arguments: 0..<4)
    func theScannerSurvivesAnything(_ seed: UInt64) {
        var random = RandomSource(seed: seed)
        var markup = RandomMarkup(seed: seed)
        var agreements = 0
        for _ in 0..<200 {
            let bytes = Self.changed(Array(markup.document().utf8), &random)
            let scanned = try? DocumentMarkup(bytes)
            guard let parsed = try? XMLDocument(parsing: bytes), let scanned else { continue }
            MarkupScannerTests.compare(scanned.root, parsed.root)
            agreements += 1
        }
        #expect(agreements > 3)
    }

    /// Whatever is well-formed can be taken apart.
    @Test(arguments: 0..<4)
    func theScannerTakesWhatTheParserTakes(_ seed: UInt64) {
        var random = RandomSource(seed: seed)
        var markup = RandomMarkup(seed: seed)
        for _ in 0..<200 {
            let bytes = Self.changed(Array(markup.document().utf8), &random)
            guard (try? XMLDocument(parsing: bytes)) != nil, String(validating: bytes, as: UTF8.self) != nil else {
                continue
            }
            #expect((try? DocumentMarkup(bytes)) != nil, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
