import Presence
import Primitives
import XMLTree

/// Filters and what they are applied to.
enum FilterFixtures {
    static let ada = AddressOfRecord("ada@example.com")!

    static let presence = """
        <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid"
            xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" entity="sip:ada@example.com">
        <tuple id="im"><status><basic>open</basic></status><r:class>IM</r:class>
        <contact priority="0.8">im:ada@example.com</contact><note>chat</note></tuple>
        <tuple id="voice"><status><basic>closed</basic></status><r:class>voice</r:class>
        <contact priority="0.3">sip:ada@example.com</contact></tuple>
        <note>everybody</note>
        <dm:person id="p"><r:activities><r:busy/></r:activities><r:mood><r:happy/></r:mood></dm:person>
        <dm:device id="d"><r:user-input idle-threshold="60">idle</r:user-input><dm:deviceID>urn:d</dm:deviceID></dm:device>
        </presence>
        """

    static func filters(_ inner: String, package: String = "") -> [UInt8] {
        Array(
            """
            <filter-set xmlns="urn:ietf:params:xml:ns:simple-filter"\(package)><ns-bindings>
            <ns-binding prefix="pidf" urn="urn:ietf:params:xml:ns:pidf"/>
            <ns-binding prefix="rpid" urn="urn:ietf:params:xml:ns:pidf:rpid"/>
            <ns-binding prefix="dm" urn="urn:ietf:params:xml:ns:pidf:data-model"/>
            </ns-bindings>\(inner)</filter-set>
            """.utf8)
    }

    static func parse(_ text: String) throws -> XMLElement { try XMLDocument(parsing: Array(text.utf8)).root }

    /// The filter of that content for what was subscribed to.
    static func filter(_ inner: String) throws -> EventFilter {
        var set = FilterSet()
        try set.take(filters("<filter id='1'>\(inner)</filter>"), for: ada, package: "presence")
        return set.filter(for: ada, requested: ada)!
    }

    /// The names of the elements that are left, each with its attributes, in the order of the document.
    static func outline(_ element: XMLElement?) -> String {
        guard let element else { return "" }
        let attributes = element.attributes.map { "@\($0.name.local)" }.joined()
        let inner = element.elements.map { outline($0) }.joined(separator: " ")
        return element.name.local + attributes + (inner.isEmpty ? "" : "(\(inner))")
    }
}
