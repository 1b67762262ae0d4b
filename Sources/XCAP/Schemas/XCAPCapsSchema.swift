import XMLTree

/// The capabilities of a server (RFC 4825 §12).
enum XCAPCapsSchema {
    static let namespace = "urn:ietf:params:xml:ns:xcap-caps"

    static let schema = SchemaPatterns.schema(
        namespace: namespace, start: "xcap-caps",
        """
        <define name="xcap-caps">
          <element name="xcap-caps">
            <ref name="instance-attributes"/>
            <element name="auids">
              <zeroOrMore><element name="auid"><text/></element></zeroOrMore>
            </element>
            <optional>
              <element name="extensions">
                <zeroOrMore><element name="extension"><text/></element></zeroOrMore>
              </element>
            </optional>
            <element name="namespaces">
              <zeroOrMore><element name="namespace"><ref name="uri"/></element></zeroOrMore>
            </element>
            <zeroOrMore><ref name="foreign-element"/></zeroOrMore>
          </element>
        </define>
        """, SchemaPatterns.foreignElement(named: "foreign-element", except: [namespace]))
}
