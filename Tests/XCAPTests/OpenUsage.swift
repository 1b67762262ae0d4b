import XCAP
import XMLTree

/// An application usage that accepts every document, for the examples of RFC 4825 that belong to none.
struct OpenUsage: ApplicationUsage {
    var auid = "test"
    var mimeType: String { "application/test+xml" }
    var defaultNamespace = ""
    var namespaces: [String] { [] }
    var directories: [[String]] { [["folder"]] }
    var schema: XMLSchema { Self.anything }

    private static let anything = try! XMLSchema(
        """
        <grammar xmlns="http://relaxng.org/ns/structure/1.0">
          <start><ref name="any"/></start>
          <define name="any">
            <element><anyName/>
              <zeroOrMore><choice><text/><attribute><anyName/></attribute><ref name="any"/></choice></zeroOrMore>
            </element>
          </define>
        </grammar>
        """)
}
