import Testing
import XMLTree

@Suite("XML patch operations (RFC 5261)")
struct PatchTests {
    private static let list = "<list kind='x'>\n <item n='1'>one</item>\n <item n='2'>two</item>\n</list>"

    private static let additions = [
        PatchCase(
            "an element behind all others", "<list><a/></list>", "<d:add sel='list'><b id='q'>new</b></d:add>",
            gives: "<list><a/><b id='q'>new</b></list>"),
        PatchCase(
            "an element before all others", "<list><a/></list>", "<d:add sel='/list' pos='prepend'><b/></d:add>",
            gives: "<list><b/><a/></list>"),
        PatchCase(
            "an element before one", list, "<d:add sel=\"list/item[@n='2']\" pos='before'><b/></d:add>",
            gives: "<list kind='x'>\n <item n='1'>one</item>\n <b/><item n='2'>two</item>\n</list>"),
        PatchCase(
            "an element behind a text node", "<list>x<a/>y</list>",
            "<d:add sel='list/text()[1]' pos='after'>z<b/>w</d:add>", gives: "<list>xz<b/>w<a/>y</list>"),
        PatchCase(
            "text beside text becomes one node", "<list>x<a/>y</list>",
            "<d:add sel='list/text()[2]' pos='before'>z</d:add><d:replace sel='list/text()[2]'>one</d:replace>",
            gives: "<list>x<a/>one</list>"),
        PatchCase(
            "several nodes", "<list>\n</list>", "<d:add sel='list'> <a/><!-- c --><?t v?></d:add>",
            gives: "<list>\n <a/><!-- c --><?t v?></list>"),
        PatchCase(
            "nothing", "<list><a/></list>", "<d:add sel='list'/>", gives: "<list><a/></list>"),
        PatchCase(
            "a comment before an element", list, "<d:add sel='*/*[2]' pos='before'><!-- c --></d:add>",
            gives: "<list kind='x'>\n <item n='1'>one</item>\n <!-- c --><item n='2'>two</item>\n</list>"),
        PatchCase(
            "an attribute", "<list><a id='q'/></list>", "<d:add sel='id(\"q\")' type='@user'>Bob &amp; Co</d:add>",
            gives: "<list><a id='q' user='Bob &amp; Co'/></list>"),
        PatchCase(
            "a namespace declaration", "<list/>", "<d:add sel='list' type='namespace::p'>urn:p</d:add>",
            gives: "<list xmlns:p='urn:p'/>"),
    ]

    private static let replacements = [
        PatchCase(
            "an element", list, "<d:replace sel=\"list/item[@n='1']\"><b/></d:replace>",
            gives: "<list kind='x'>\n <b/>\n <item n='2'>two</item>\n</list>"),
        PatchCase("the root", list, "<d:replace sel='*'><other/></d:replace>", gives: "<other/>"),
        PatchCase(
            "the value of an attribute", "<list kind='x'/>", "<d:replace sel='list/@kind'>y</d:replace>",
            gives: "<list kind='y'/>"),
        PatchCase(
            "the value of an attribute by nothing", "<list kind='x'/>", "<d:replace sel='list/@kind'/>",
            gives: "<list kind=''/>"),
        PatchCase(
            "a namespace, and with it what names mean", "<p:list xmlns:p='urn:p' p:a='1'><b><p:c/></b></p:list>",
            "<d:replace sel='*/namespace::p'>urn:q</d:replace><d:replace sel='q:list/@q:a'>2</d:replace>",
            gives: "<p:list xmlns:p='urn:q' p:a='2'><b><p:c/></b></p:list>", declarations: "xmlns:q='urn:q'"),
        PatchCase(
            "a comment", "<list><!-- a --><!-- b --></list>",
            "<d:replace sel='list/comment()[2]'><!-- c --></d:replace>", gives: "<list><!-- a --><!-- c --></list>"),
        PatchCase(
            "an instruction", "<list><?t a?><?u b?></list>",
            "<d:replace sel='list/processing-instruction(\"u\")'><?u c?></d:replace>",
            gives: "<list><?t a?><?u c?></list>"),
        PatchCase(
            "text", list, "<d:replace sel='list/item[2]/text()'>zwei</d:replace>",
            gives: "<list kind='x'>\n <item n='1'>one</item>\n <item n='2'>zwei</item>\n</list>"),
        PatchCase(
            "text by nothing", "<list><a>x</a></list>", "<d:replace sel='list/a/text()[1]'/>",
            gives: "<list><a/></list>"),
    ]

    private static let removals = [
        PatchCase(
            "an element with the white space behind it", list, "<d:remove sel=\"list/item[.='one']\" ws='after'/>",
            gives: "<list kind='x'>\n <item n='2'>two</item>\n</list>"),
        PatchCase(
            "an element with all white space around it", list, "<d:remove sel='list/item[1]' ws='both'/>",
            gives: "<list kind='x'><item n='2'>two</item>\n</list>"),
        PatchCase(
            "an element between text", "<list>x<a/>y</list>", "<d:remove sel='list/a'/>", gives: "<list>xy</list>"),
        PatchCase("an attribute", "<list kind='x'/>", "<d:remove sel='list/@kind'/>", gives: "<list/>"),
        PatchCase(
            "a declaration", "<list xmlns:p='urn:p'/>", "<d:remove sel='list/namespace::p'/>", gives: "<list/>"),
        PatchCase("a comment", "<list><!-- a --></list>", "<d:remove sel='list/comment()'/>", gives: "<list/>"),
        PatchCase(
            "an instruction", "<list><?t?></list>", "<d:remove sel='list/processing-instruction()[1]'/>",
            gives: "<list/>"),
        PatchCase("text", "<list><a>x</a></list>", "<d:remove sel='list/a/text()'/>", gives: "<list><a/></list>"),
    ]

    private static let selections = [
        PatchCase(
            "by the value of a child", "<l><i><k>a</k></i><i><k>b</k></i></l>", "<d:remove sel=\"l/i[k='b']\"/>",
            gives: "<l><i><k>a</k></i></l>"),
        PatchCase(
            "predicates in any order", "<l><i n='1'/><i n='2'/><i n='2' m='x'/></l>",
            "<d:remove sel=\"l/i[@n='2'][2]\"/><d:remove sel=\"l/*[2][@n='2']\"/>", gives: "<l><i n='1'/></l>"),
        PatchCase(
            "several on the way to one", "<l><i/><i><k/></i><i/></l>", "<d:add sel='l/i/k' type='@a'>1</d:add>",
            gives: "<l><i/><i><k a='1'/></i><i/></l>"),
        PatchCase(
            "each operation sees what those before it did", "<l/>",
            "<d:add sel='l'><i/></d:add><d:add sel='l/i'><k/></d:add><d:remove sel='l/i/k'/>", gives: "<l><i/></l>"),
        PatchCase(
            "by an ID and steps from there", "<l><i id='q'><k>v</k></i></l>", "<d:remove sel='id(\"q\")/k/text()'/>",
            gives: "<l><i id='q'><k/></i></l>"),
        PatchCase(
            "text of elements below", "<l><i>a<k>b</k></i><i>c</i></l>", "<d:remove sel='l/i[.=\"ab\"]'/>",
            gives: "<l><i>c</i></l>"),
    ]

    @Test(arguments: additions + replacements + removals + selections)
    func anOperation(_ example: PatchCase) throws {
        let expected = try PatchCase.parse(#require(example.result))
        #expect(try example.patched().root == expected.root)
    }

    /// Prefixes mean nothing in themselves: RFC 5261 §4.2.
    @Test(arguments: [
        PatchCase(
            "several operations", "<l xmlns='urn:x' xmlns:z='urn:y'><n>s</n><e a='f'/><e a='b'>\n <z:k/>\n</e></l>",
            "<d:add sel=\"l/e[@a='f']\"><c i='1'><y:k/></c></d:add><d:replace sel='l/n/text()'>t</d:replace>"
                + "<d:remove sel=\"*/e[@a='b']/y:k\" ws='both'/><d:add sel=\"*/e[@a='b']\" type='@y:b'>v</d:add>",
            gives: "<l xmlns='urn:x' xmlns:z='urn:y'><n>t</n><e a='f'><c i='1'><z:k/></c></e><e a='b' z:b='v'/></l>",
            declarations: "xmlns='urn:x' xmlns:y='urn:y'"),
        PatchCase(
            "without a default namespace a name is in none", "<l xmlns:a='urn:x'><a:i/><i/></l>",
            "<d:remove sel='l/i'/>", gives: "<l xmlns:a='urn:x'><a:i/></l>"),
        PatchCase(
            "the same prefix first", "<l xmlns:x='urn:x' xmlns:y='urn:x'/>", "<d:add sel='l'><y:i/></d:add>",
            gives: "<l xmlns:x='urn:x' xmlns:y='urn:x'><y:i/></l>", declarations: "xmlns:y='urn:x'"),
        PatchCase(
            "then that of the element around it", "<y:l xmlns:x='urn:x' xmlns:y='urn:x'/>",
            "<d:add sel='*'><z:i/></d:add>", gives: "<y:l xmlns:x='urn:x' xmlns:y='urn:x'><y:i/></y:l>",
            declarations: "xmlns:z='urn:x'"),
        PatchCase(
            "then the closest before it in the alphabet", "<l xmlns:x='urn:x' xmlns:y='urn:x'/>",
            "<d:add sel='l'><xx:i/><a:i/></d:add>",
            gives: "<l xmlns:x='urn:x' xmlns:y='urn:x'><x:i/><x:i/></l>",
            declarations: "xmlns:xx='urn:x' xmlns:a='urn:x'"),
        PatchCase(
            "the default namespace comes first there", "<l:l xmlns:l='urn:l' xmlns='urn:x' xmlns:y='urn:x'/>",
            "<d:add sel='*'><a:i a:n='1'/></d:add>",
            gives: "<l:l xmlns:l='urn:l' xmlns='urn:x' xmlns:y='urn:x'><i y:n='1'/></l:l>",
            declarations: "xmlns:a='urn:x'"),
        PatchCase(
            "what the content declares goes along", "<l/>", "<d:add sel='l'><q:i xmlns:q='urn:q'><q:k/></q:i></d:add>",
            gives: "<l><q:i xmlns:q='urn:q'><q:k/></q:i></l>", declarations: "xmlns:q='urn:other'"),
    ])
    func namespaces(_ example: PatchCase) throws {
        let expected = try PatchCase.parse(#require(example.result))
        let patched = try example.patched()
        #expect(patched.root == expected.root)
        #expect(try XMLDocument(parsing: patched.serialized) == expected)
    }

    @Test("Two names of the root can mean the same")
    func rootNames() throws {
        let names: Set = [XMLName("full", in: PatchCase.namespace), XMLName("l", in: "urn:x")]
        let patch = try PatchCase.patch("<d:remove sel='d:full/x:i'/>", declarations: "xmlns:x='urn:x'")
        let target = try PatchCase.parse("<l xmlns='urn:x'><i/></l>")
        #expect(try patch.applied(to: target, context: XMLPatchContext(rootNames: names)).root.children == [])
        #expect(throws: XMLPatchError.self) { try patch.applied(to: target) }
    }
}
