import Presence
import Primitives
import Testing
import XMLTree

@Suite("Any change of any document")
struct PresenceChangePropertyTests {
    private static let presentity = AddressOfRecord("somebody@example.org")!

    /// What a client may publish, with what a differ can stumble over.
    private struct RandomDocument {
        var random: RandomSource

        mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &random)] }

        mutating func content(_ depth: Int) -> String {
            (0..<Int.random(in: 0...3, using: &random)).map { _ in
                switch Int.random(in: 0..<7, using: &random) {
                case 0: pick(["text", " ", "\n  ", "&lt;&amp;&#13;"])
                case 1: pick(["<!-- c -->", "<!-- d -->"])
                case 2: pick(["<?t a?>", "<?u b?>"])
                default: depth == 0 ? "<r:leaf/>" : element(depth - 1)
                }
            }.joined()
        }

        mutating func element(_ depth: Int) -> String {
            let name = pick(["note", "r:mood", "r:place", "x:foo", "y:bar", "plain"])
            let scope = pick(["", "", "", " xmlns='urn:example:z'", " xmlns:r='urn:example:z'", " xmlns=''"])
            let prefix = name.hasPrefix("y:") ? " xmlns:y='urn:ietf:params:xml:ns:pidf-diff'" : ""
            let attributes = ["", " a='1'", " a='2' b='3'", " b='3' a='1'", " xml:lang='de'", " x:a='x:1'", " id='q'"]
            return "<\(name)\(prefix)\(scope)\(pick(attributes))>\(content(depth))</\(name)>"
        }

        mutating func document() throws -> [UInt8] {
            var parts: [String] = []
            for id in ["t1", "t2", "t'3", "t\"4"] where Bool.random(using: &random) {
                let quoted = id.replacing("'", with: "&apos;").replacing("\"", with: "&quot;")
                let basic = pick(["open", "closed"])
                parts.append(
                    "<tuple id=\"\(quoted)\"><status><basic>\(basic)</basic></status>\(content(2))</tuple>")
            }
            for kind in ["person", "device"] where Bool.random(using: &random) {
                parts.append("<dm:\(kind) id='\(kind)'>\(content(2))</dm:\(kind)>")
            }
            for _ in 0..<Int.random(in: 0...2, using: &random) { parts.append(element(1)) }
            parts.shuffle(using: &random)
            let document = try PresenceDocument(parsing: Array(PresenceFixtures.document(parts.joined()).utf8))
            return Composition.document(of: PresenceChangePropertyTests.presentity, from: [document])
        }

        /// The document as it is after a small change.
        mutating func changed(_ document: [UInt8]) throws -> [UInt8] {
            var text = String(decoding: document, as: UTF8.self)
            for (old, new) in [(">open<", ">closed<"), ("a=\"1\"", "a=\"7\""), ("text", "texts"), ("<!-- c", "<!-- e")]
            where Bool.random(using: &random) {
                text = text.replacing(old, with: new, maxReplacements: 1)
            }
            let parsed = try PresenceDocument(parsing: Array(text.utf8))
            return Composition.document(of: PresenceChangePropertyTests.presentity, from: [parsed])
        }
    }

    @Test("Applied to the old document it gives the new one, and is never longer", arguments: 0..<20 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var source = RandomDocument(random: RandomSource(seed: seed))
        var partial = 0
        for _ in 0..<40 {
            let old = try source.document()
            let new = try Bool.random(using: &source.random) ? source.document() : source.changed(old)
            let before = try XMLDocument(parsing: old)
            let after = try XMLDocument(parsing: new)
            let body = try #require(PresenceChange.body(from: old, to: new))
            let full = try #require(PresenceChange.full(new))
            #expect(body.count <= full.count)
            let told = try PartialPresenceDocument(parsing: body.bytes(version: 7))
            #expect(told.version == 7)
            #expect(try told.applied(to: before).serialized == after.serialized)
            if case .changes = told.content { partial += 1 }
        }
        #expect(partial > 10)
    }

    /// Without the check that falls back to full state the differ should hardly ever be wrong.
    @Test("Changes of a client's usual documents are told as such", arguments: 0..<10 as Range<UInt64>)
    func usual(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let rich = PresenceFixtures.rich
        let variants = [
            rich, rich.replacing("open", with: "closed"), rich.replacing("At my desk", with: "Out"),
            rich.replacing("<r:happy/>", with: "<r:sad/>"),
            rich.replacing("priority=\"0.8\"", with: "priority=\"0.2\""),
            rich.replacing("10:00:00Z", with: "11:00:00Z"), rich + "<tuple id='t2'><status/></tuple>",
            rich.replacing("<r:mood><r:happy/></r:mood>", with: ""), rich + "<note>more</note>",
        ]
        for _ in 0..<10 {
            let documents = try (0..<2).map { _ in
                let text = variants[Int.random(in: 0..<variants.count, using: &random)]
                return Composition.document(
                    of: Self.presentity,
                    from: [try PresenceDocument(parsing: Array(PresenceFixtures.document(text).utf8))])
            }
            let body = try #require(PresenceChange.body(from: documents[0], to: documents[1]))
            let told = try PartialPresenceDocument(parsing: body.bytes(version: 1))
            guard case .changes = told.content else {
                Issue.record("all state for a small change")
                continue
            }
            #expect(body.count < 700)
        }
    }

    @Test("Nothing that comes from outside stops a reader", arguments: 0..<10 as Range<UInt64>)
    func mutation(seed: UInt64) throws {
        var source = RandomDocument(random: RandomSource(seed: seed))
        var outcomes = (applied: 0, refused: 0)
        for _ in 0..<40 {
            let old = try source.document()
            let body = try #require(PresenceChange.body(from: old, to: source.changed(old)))
            for _ in 0..<10 {
                let bytes = body.bytes(version: 1).mutated(&source.random)
                if (try? PartialPublication.document(from: bytes, present: old)) != nil {
                    outcomes.applied += 1
                } else {
                    outcomes.refused += 1
                }
            }
        }
        #expect(outcomes.applied > 0)
        #expect(outcomes.refused > 0)
    }
}
