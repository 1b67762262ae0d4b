import Testing
import XMLTree

@Suite("Patches that can't be applied (RFC 5261 §5)")
struct PatchErrorTests {
    private static let list = "<list kind='x'><item n='1'>one</item> <item n='2'/></list>"

    @Test(arguments: [
        PatchCase("no such node", list, "<d:remove sel='list/other'/>", fails: .unlocatedNode),
        PatchCase("two such nodes", list, "<d:remove sel='list/item'/>", fails: .unlocatedNode),
        PatchCase("no such ID", list, "<d:remove sel='id(\"q\")'/>", fails: .unlocatedNode),
        PatchCase("nothing stands around the root", list, "<d:remove sel='comment()'/>", fails: .unlocatedNode),
        PatchCase(
            "a declaration further out", "<l xmlns:p='urn:p'><i/></l>", "<d:remove sel='l/i/namespace::p'/>",
            fails: .unlocatedNode),
        PatchCase("the root goes", list, "<d:remove sel='list'/>", fails: .invalidRootElementOperation),
        PatchCase(
            "a second root", list, "<d:add sel='list' pos='after'><l/></d:add>", fails: .invalidRootElementOperation),
        PatchCase(
            "a comment beside the root", list, "<d:add sel='list' pos='before'><!-- c --></d:add>",
            fails: .invalidXMLPrologOperation),
        PatchCase(
            "text for an element", list, "<d:replace sel='list/item[1]'>x</d:replace>", fails: .invalidNodeTypes),
        PatchCase(
            "two elements for one", list, "<d:replace sel='list/item[1]'><a/><b/></d:replace>",
            fails: .invalidNodeTypes),
        PatchCase(
            "an element for text", list, "<d:replace sel='list/item/text()'><a/></d:replace>",
            fails: .invalidNodeTypes),
        PatchCase(
            "an element for a value", list, "<d:add sel='list' type='@a'><a/></d:add>", fails: .invalidNodeTypes),
        PatchCase(
            "white space that is not there", list, "<d:remove sel='list/item[1]' ws='before'/>",
            fails: .invalidWhitespaceDirective),
        PatchCase(
            "white space beside text", list, "<d:remove sel='list/item/text()' ws='after'/>",
            fails: .invalidPatchDirective),
        PatchCase(
            "an attribute that is there", list, "<d:add sel='list' type='@kind'>y</d:add>",
            fails: .invalidPatchDirective),
        PatchCase("into an attribute", list, "<d:add sel='list/@kind'>y</d:add>", fails: .invalidPatchDirective),
        PatchCase("into text", list, "<d:add sel='list/item/text()'>y</d:add>", fails: .invalidPatchDirective),
        PatchCase("no operation", list, "<d:move sel='list'/>", fails: .invalidPatchDirective),
        PatchCase("of another namespace", list, "<add sel='list'/>", fails: .invalidPatchDirective),
        PatchCase("text between operations", list, "<d:add sel='list'/>x", fails: .invalidDiffFormat),
        PatchCase("no selector", list, "<d:remove/>", fails: .invalidAttributeValue),
        PatchCase("an unknown position", list, "<d:add sel='list' pos='inside'/>", fails: .invalidAttributeValue),
        PatchCase("an unknown type", list, "<d:add sel='list' type='text()'/>", fails: .invalidAttributeValue),
        PatchCase("unknown white space", list, "<d:remove sel='list' ws='all'/>", fails: .invalidAttributeValue),
        PatchCase("an unbound prefix", list, "<d:remove sel='q:list'/>", fails: .invalidNamespacePrefix),
        PatchCase(
            "a prefix that is in use", "<l xmlns:p='urn:p'><p:i/></l>", "<d:remove sel='l/namespace::p'/>",
            fails: .invalidNamespacePrefix),
        PatchCase(
            "a declaration that names below would see", "<l xmlns:p='urn:p'><i><p:k/></i></l>",
            "<d:add sel='l/i' type='namespace::p'>urn:q</d:add>", fails: .invalidNamespacePrefix),
        PatchCase(
            "the prefix xml", list, "<d:add sel='list' type='namespace::xml'>urn:q</d:add>",
            fails: .invalidNamespacePrefix),
        PatchCase(
            "a prefix for nothing", list, "<d:add sel='list' type='namespace::p'/>", fails: .invalidNamespaceURI),
        PatchCase(
            "two attributes of one name", "<l xmlns:p='urn:p' xmlns:q='urn:q' p:a='1' q:a='2'/>",
            "<d:replace sel='l/namespace::p'>urn:q</d:replace>", fails: .invalidNamespaceURI),
        PatchCase(
            "a namespace that the target does not have", list, "<d:add sel='list'><q:i/></d:add>",
            fails: .invalidNamespaceURI, declarations: "xmlns:q='urn:q'"),
    ])
    func aFailure(_ example: PatchCase) throws {
        let condition = example.condition
        #expect {
            _ = try example.patched()
        } throws: { error in
            (error as? XMLPatchError)?.condition == condition
        }
    }

    @Test(
        "Selectors beyond the grammar",
        arguments: [
            "", "/", "//list", "list/", "list//item", "../list", "list/..", "list[", "list[]", "list[1", "list[-1]",
            "list[1+1]", "list[last()]", "list[position()=1]", "list[@kind]", "list[@kind!='x']", "list['x']",
            "list[@kind='x' or 1]", "list | item", "list[@kind=\"x']", "list/@*", "list/@kind/x", "list/text()/x",
            "child::list", "self::node()", "node()", "id(list)", "id()", "id('q", "id('q')x", "list/namespace::*",
            "list/namespace::a:b", "count(list)", "string(list)='x'", "$x", "list[item]", "list[.]", "a:b:c",
            "list[0000000001]", "list/processing-instruction(t)", "*/*[@*='1']", "list [1]",
            "document('file:///etc/passwd')",
        ])
    func aForeignSelector(_ selector: String) throws {
        let escaped = XMLWriter.escaped(selector)
        #expect {
            _ = try PatchCase("", "<list/>", "<d:remove sel=\"\(escaped)\"/>", gives: "").patched()
        } throws: { error in
            [.invalidAttributeValue, .invalidNamespacePrefix].contains((error as? XMLPatchError)?.condition)
        }
    }

    @Test func theFirstFailureEndsAll() throws {
        let operations = "<d:add sel='list'><a/></d:add><d:remove sel='b'/>"
        let error = #expect(throws: XMLPatchError.self) {
            try PatchCase("", "<list/>", operations, gives: "").patched()
        }
        #expect(error?.operation?[attribute: XMLName("sel")] == "b")
        let document = try XMLDocument(parsing: #require(error).document.serialized)
        #expect(document.root.name == XMLName("patch-ops-error", in: "urn:ietf:params:xml:ns:patch-ops-error"))
        #expect(document.root.elements.first?.name.local == "unlocated-node")
        #expect(document.root.elements.first?.elements.first?.name == XMLName("remove", in: PatchCase.namespace))
    }
}
