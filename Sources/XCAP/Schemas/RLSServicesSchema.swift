import XMLTree

/// RLS services documents (RFC 4826 §4.1 and §4.2).
enum RLSServicesSchema {
    static let namespace = "urn:ietf:params:xml:ns:rls-services"

    static let schema = SchemaPatterns.schema(
        namespace: namespace, start: "rls-services",
        """
        <define name="rls-services">
          <element name="rls-services">
            <ref name="instance-attributes"/>
            <zeroOrMore><ref name="service"/></zeroOrMore>
          </element>
        </define>
        <define name="service">
          <element name="service">
            <attribute name="uri"><ref name="uri"/></attribute>
            <ref name="foreign-attributes"/>
            <choice>
              <element name="resource-list"><ref name="uri"/></element>
              <element name="list"><ref name="list-type"/></element>
            </choice>
            <optional><ref name="packages"/></optional>
            <zeroOrMore><ref name="foreign-element"/></zeroOrMore>
          </element>
        </define>
        <define name="packages">
          <element name="packages">
            <optional>
              <element name="package"><text/></element>
              <zeroOrMore>
                <choice>
                  <element name="package"><text/></element>
                  <ref name="foreign-element"/>
                </choice>
              </zeroOrMore>
            </optional>
          </element>
        </define>
        """, SchemaPatterns.foreignElement(named: "foreign-element", except: [namespace]),
        SchemaPatterns.foreignAttributes(named: "foreign-attributes", except: [namespace]),
        ResourceListsSchema.listType(within: namespace))
}
