import Testing
import XMLTree

@Suite("What a patch may cost")
struct PatchLimitTests {
    private func condition(_ target: String, _ operations: String, _ limits: XMLPatchLimits = .standard) throws
        -> XMLPatchError.Condition?
    {
        do {
            let patch = try PatchCase.patch(operations, limits: limits)
            _ = try patch.applied(to: PatchCase.parse(target))
            return nil
        } catch let error as XMLPatchError {
            return error.condition
        }
    }

    @Test func operations() throws {
        let one = "<d:add sel='l'><i/></d:add>"
        #expect(try condition("<l/>", String(repeating: one, count: 256)) == nil)
        #expect(try condition("<l/>", String(repeating: one, count: 257)) == .invalidDiffFormat)
    }

    @Test func selectors() throws {
        let predicates = { (count: Int) in String(repeating: "[1]", count: count) }
        #expect(try condition("<l a='1'/>", "<d:remove sel='l\(predicates(8))/@a'/>") == nil)
        #expect(try condition("<l a='1'/>", "<d:remove sel='l\(predicates(9))/@a'/>") == .invalidAttributeValue)
        let long = String(repeating: "x", count: 1025)
        #expect(try condition("<l/>", "<d:remove sel='\(long)'/>") == .invalidAttributeValue)
    }

    /// Each operation may be small, and what they build together deep.
    @Test func depth() throws {
        let step =
            "<d:add sel='id(\"a\")'><a xml:id='b'/></d:add>"
            + "<d:remove sel='id(\"a\")/@xml:id'/><d:replace sel='id(\"b\")/@xml:id'>a</d:replace>"
        let document = "<l xml:id='a'/>"
        #expect(try condition(document, String(repeating: step, count: 63)) == nil)
        #expect(try condition(document, String(repeating: step, count: 64)) == .invalidDiffFormat)
    }

    @Test func size() throws {
        var limits = XMLPatchLimits.standard
        limits.document = XMLLimits(size: 1000, depth: 64)
        let text = { (count: Int) in "<d:add sel='l'>\(String(repeating: "x", count: count))</d:add>" }
        #expect(try condition("<l/>", text(900), limits) == nil)
        #expect(try condition("<l/>", text(500) + text(500), limits) == .invalidDiffFormat)
    }

    /// A long prefix in the document, met by many short ones in the patch, would make much out of little.
    @Test func prefixes() throws {
        let prefix = String(repeating: "p", count: 8_000)
        let content = String(repeating: "<q:i/>", count: 4_000)
        let patch = try PatchCase.patch("<d:add sel='*'>\(content)</d:add>", declarations: "xmlns:q='urn:q'")
        let target = try PatchCase.parse("<l xmlns:\(prefix)='urn:q'/>")
        let error = #expect(throws: XMLPatchError.self) { try patch.applied(to: target) }
        #expect(error?.condition == .invalidDiffFormat)
    }

    /// Text compared over and over in a document of nested elements.
    @Test func work() throws {
        let depth = 60
        let text = String(repeating: "x", count: 100_000)
        let target = String(repeating: "<i>", count: depth) + text + String(repeating: "</i>", count: depth)
        let predicates = String(repeating: "[.!]", count: 4).replacing("!", with: "=\"\(text.prefix(10))\"")
        let selector = Array(repeating: "*", count: depth).joined(separator: "/")
        let operation = "<d:remove sel='\(selector)\(predicates)'/>"
        #expect(try condition(target, operation) == .unlocatedNode)
        var limits = XMLPatchLimits.standard
        limits.steps = 2_000
        #expect(try condition(target, operation, limits) == .invalidDiffFormat)
    }
}
