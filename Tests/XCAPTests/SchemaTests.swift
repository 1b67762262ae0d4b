import Testing
import XMLTree

@testable import XCAP

/// The schemas by hand; beside the RFCs' own see ``SchemaComparisonTests``.
struct SchemaTests {
    @Test(arguments: SchemaSample.all)
    func samplesAreValid(_ sample: SchemaSample) throws { try sample.schema.validate(Array(sample.text.utf8)) }

    /// What the sample becomes when one part of it is replaced.
    @Test(arguments: [
        (0, "<list/>", "<other/>"), (0, "<list/>", "<x:other/>"), (0, "<list/>", "<list other='1'/>"),
        (0, "<list/>", "<list>text</list>"), (0, "<external/>", "<entry/>"), (0, "<external/>", "<x:y/>"),
        (0, "uri=\"sip:b@b\"", ""), (0, "ref=\"resource-lists/x\"", "uri='x'"),
        (0, "<list/>", "<list><display-name/><display-name/></list>"),
        (0, "<list/>", "<list><entry uri='a'/><display-name/></list>"),
        (0, "<z xmlns=\"\"/>", "<z xmlns=''/></x:y><z xmlns=''/><x:y>"),
        (1, "<resource-list>http://a/b</resource-list>", ""), (1, "uri=\"sip:e@f\"", ""),
        (1, "<list/><packages/>", "<packages/><list/>"),
        (1, "<list/>", "<list/><list/>"), (1, "rl:entry uri", "entry uri"), (1, "<package>presence</package>", ""),
        (1, "<packages/>", "<packages/><packages/>"), (1, "<packages/>", "<packages><rl:entry/></packages>"),
        (2, "id=\"a\"", ""), (2, "id=\"a\"", "id='1'"), (2, "polite-block", "block-politely"), (2, ">0<", ">no<"),
        (2, "thresholds", "true"), (2, "<pr:all-persons/>", "<pr:all-persons>x</pr:all-persons>"),
        (2, "ns=\"urn:n\"", ""),
        (2, "<actions/>", "<actions/><actions/>"), (2, "<actions/>", "<actions><rule id='z'/></actions>"),
        (2, "2003-09-15T10:20:00Z", "tomorrow"), (2, "<sphere value=\"work\"/>", "<sphere/>"),
        (2, "<rule id=\"c\"/>", "<x:rule/>"), (2, "<actions/><transformations/>", "<x:y/><actions/>"),
        (2, "<pr:all-services/>", "<pr:all-services/><pr:class>c</pr:class>"), (2, "<one id=\"sip:a@b\"/>", "<one/>"),
        (2, "<actions/>", "<actions><pr:unheard-of/></actions>"), (2, "<actions/>", "<transformations/>"),
        (3, "open", "Open"), (3, "0.8", "1.1"), (3, "0.8", "0.8888"), (3, "0.8", ".8"), (3, "id=\"t2\"", ""),
        (3, "<status/>", ""),
        (3, "2001-10-27T16:49:29Z", "2001-10-27"), (3, "entity=\"pres:a@b\"", ""),
        (3, "<note>All</note>", "<note/><tuple id='a'><status/></tuple>"),
        (3, "<note>All</note>", "<contact>a</contact>"), (3, "id=\"t2\"", "id='t 2'"),
        (4, "<extensions><extension>e</extension></extensions>", "<x:y/>"), (4, "auids>", "namespaces>"),
    ])
    func changedSamplesAreInvalid(_ index: Int, _ part: String, _ replacement: String) throws {
        let text = SchemaSample.all[index].text
        try #require(text.contains(part))
        // `Not well-formed` would be no answer to the question that is asked here; only the first place is changed but for
        // names that stand in two tags.
        let count = part.hasSuffix(">") && !part.hasPrefix("<") ? 2 : 1
        let changed = Array(text.replacing(part, with: replacement, maxReplacements: count).utf8)
        _ = try XMLDocument(parsing: changed)
        let error = #expect(throws: XMLViolation.self) { try SchemaSample.all[index].schema.validate(changed) }
        #expect(error?.reason.isEmpty == false)
    }

    @Test(arguments: [
        "<rule id=\"c\"><actions/><x:display-name xml:lang=\"en\">Friends</x:display-name></rule>",
        "<rule id=\"c\"><conditions><x:false-condition/></conditions></rule>",
    ])
    func rulesMayBeExtended(_ rule: String) throws {
        let sample = SchemaSample.all[2]
        try sample.schema.validate(Array(sample.text.replacing("<rule id=\"c\"/>", with: rule).utf8))
    }

    @Test(arguments: [
        "", "x", "<a>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<!DOCTYPE xcap-caps SYSTEM 'file:///etc/passwd'><xcap-caps/>",
    ])
    func whatIsNoDocumentIsInvalid(_ text: String) {
        #expect(throws: XMLViolation.self) { try XCAPCapsSchema.schema.validate(Array(text.utf8)) }
    }

    @Test(arguments: [
        "", "x", "<a/>", "<grammar xmlns=\"http://relaxng.org/ns/structure/1.0\"/>",
        "<grammar xmlns=\"http://relaxng.org/ns/structure/1.0\"><start><ref name='none'/></start></grammar>",
    ])
    func whatIsNoSchemaIsRefused(_ text: String) {
        let error = #expect(throws: XMLViolation.self) { try XMLSchema(text) }
        #expect(error?.description.isEmpty == false)
    }

    /// Many threads at once, through one lock: nothing is to be seen but the same answers.
    @Test func schemasAreShared() async {
        let valid = Array(SchemaSample.all[2].text.utf8)
        let invalid = Array(SchemaSample.all[2].text.replacing("polite-block", with: "none").utf8)
        let schema = SchemaSample.all[2].schema
        let verdicts = await withTaskGroup(of: [Bool].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<50).map { round in
                        (try? schema.validate(round.isMultiple(of: 2) ? valid : invalid)) != nil
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(verdicts == (0..<400).map { $0.isMultiple(of: 2) })
    }
}
