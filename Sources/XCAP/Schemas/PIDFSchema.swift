import XMLTree

/// Presence documents (RFC 3863 §4.1 to §4.4).
enum PIDFSchema {
    static let namespace = "urn:ietf:params:xml:ns:pidf"

    static let schema = SchemaPatterns.schema(
        namespace: namespace, start: "presence",
        """
        <define name="presence">
          <element name="presence">
            <ref name="instance-attributes"/>
            <attribute name="entity"><ref name="uri"/></attribute>
            <zeroOrMore><ref name="tuple"/></zeroOrMore>
            <ref name="notes"/>
            <ref name="extensions"/>
          </element>
        </define>
        <define name="tuple">
          <element name="tuple">
            <attribute name="id"><data type="NCName"/></attribute>
            <element name="status">
              <optional>
                <element name="basic">
                  <choice><value type="string">open</value><value type="string">closed</value></choice>
                </element>
              </optional>
              <ref name="extensions"/>
            </element>
            <ref name="extensions"/>
            <optional><ref name="contact"/></optional>
            <ref name="notes"/>
            <optional><element name="timestamp"><data type="dateTime"/></element></optional>
          </element>
        </define>
        <define name="contact">
          <element name="contact">
            <optional>
              <attribute name="priority">
                <data type="decimal">
                  <param name="pattern">0([.][0-9]{0,3})?|1([.]0{0,3})?</param>
                </data>
              </attribute>
            </optional>
            <ref name="uri"/>
          </element>
        </define>
        <define name="notes">
          <zeroOrMore><element name="note"><ref name="localized-text"/></element></zeroOrMore>
        </define>
        <define name="extensions">
          <zeroOrMore><ref name="foreign-element"/></zeroOrMore>
        </define>
        """, SchemaPatterns.foreignElement(named: "foreign-element", except: [namespace]))
}
