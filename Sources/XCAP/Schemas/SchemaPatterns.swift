import XMLTree

/// Parts that several schemas share, in RELAX NG.
enum SchemaPatterns {
    /// Whatever an element of another namespace holds: it is let through unseen, as a server does not know all namespaces
    /// (RFC 4825 §5.8).
    private static let anything = """
        <define name="anything">
          <zeroOrMore><attribute><anyName/></attribute></zeroOrMore>
          <zeroOrMore>
            <choice>
              <text/>
              <element><anyName/><ref name="anything"/></element>
            </choice>
          </zeroOrMore>
        </define>
        """

    /// The root's attributes of XML Schema's own (`xsi:schemaLocation`), which are never part of a content model.
    private static let instanceAttributes = """
        <define name="instance-attributes">
          <zeroOrMore>
            <attribute><nsName ns="http://www.w3.org/2001/XMLSchema-instance"/></attribute>
          </zeroOrMore>
        </define>
        """

    /// Text with perhaps a language.
    private static let localizedText = """
        <define name="localized-text">
          <optional><attribute name="xml:lang"/></optional>
          <text/>
        </define>
        """

    /// What XML Schema calls `anyURI`, and takes any text for (XML Schema 1.1 Part 2 §3.3.17). The type of that name in
    /// libxml2 is stricter, and refuses SIP URIs with an IPv6 address. Where a form matters, a usage checks it.
    private static let uri = """
        <define name="uri"><data type="string"/></define>
        """

    /// What stands for elements of all namespaces but these, and for none.
    static func foreignElement(named name: String, except namespaces: [String]) -> String {
        """
        <define name="\(name)">
          <element>
            <anyName><except>\(excluded(namespaces))</except></anyName>
            <ref name="anything"/>
          </element>
        </define>
        """
    }

    /// Any number of attributes of namespaces other than these.
    static func foreignAttributes(named name: String, except namespaces: [String]) -> String {
        """
        <define name="\(name)">
          <zeroOrMore>
            <attribute><anyName><except>\(excluded(namespaces))</except></anyName></attribute>
          </zeroOrMore>
        </define>
        """
    }

    private static func excluded(_ namespaces: [String]) -> String {
        ([""] + namespaces).map { "<nsName ns=\"\($0)\"/>" }.joined()
    }

    /// A schema out of definitions; `start` is one of them.
    static func schema(namespace: String, start: String, _ definitions: String...) -> XMLSchema {
        let text = """
            <grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="\(namespace)"
                datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
              <start><ref name="\(start)"/></start>
              \(definitions.joined(separator: "\n"))
              \(anything)
              \(instanceAttributes)
              \(localizedText)
              \(uri)
            </grammar>
            """
        // The text is part of this program, and the tests go through every schema: this can't fail later.
        do {
            return try XMLSchema(text)
        } catch { fatalError("the schema for \(namespace): \(error)") }
    }
}
