import XMLTree

/// The list of a user's documents (OMA XML Document Management 1.1).
enum XCAPDirectorySchema {
    static let namespace = "urn:oma:xml:xdm:xcap-directory"

    static let schema = SchemaPatterns.schema(
        namespace: namespace, start: "xcap-directory",
        """
        <define name="xcap-directory">
          <element name="xcap-directory">
            <ref name="instance-attributes"/>
            <zeroOrMore>
              <element name="folder">
                <attribute name="auid"/>
                <zeroOrMore>
                  <element name="entry">
                    <attribute name="uri"><ref name="uri"/></attribute>
                    <attribute name="etag"/>
                    <optional><attribute name="last-modified"><data type="dateTime"/></attribute></optional>
                    <optional><attribute name="size"><data type="nonNegativeInteger"/></attribute></optional>
                  </element>
                </zeroOrMore>
              </element>
            </zeroOrMore>
          </element>
        </define>
        """)
}
