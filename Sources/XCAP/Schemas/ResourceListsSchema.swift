import XMLTree

/// Resource lists documents (RFC 4826 §3.1 and §3.2).
enum ResourceListsSchema {
    static let namespace = "urn:ietf:params:xml:ns:resource-lists"

    static let schema = SchemaPatterns.schema(
        namespace: namespace, start: "resource-lists",
        """
        <define name="resource-lists">
          <element name="resource-lists">
            <ref name="instance-attributes"/>
            <zeroOrMore>
              <element name="list"><ref name="list-type"/></element>
            </zeroOrMore>
          </element>
        </define>
        """, listType(within: namespace))

    /// What a list holds: a name for people, then entries and lists in any order, then extensions. RLS services
    /// documents have it too, within a `list` element of their own namespace (§4.1).
    ///
    /// - Parameter other: the namespace of the documents. None of its elements is let through as one of another namespace, since
    ///   the server knows it (RFC 4825 §8.2.5): an `entry` that lacks its prefix there is a mistake.
    static func listType(within other: String) -> String {
        """
        <div ns="\(namespace)">
          <define name="list-type">
            <optional><attribute name="name" ns=""/></optional>
            <ref name="list-foreign-attributes"/>
            <ref name="list-display-name"/>
            <zeroOrMore>
              <choice>
                <element name="list"><ref name="list-type"/></element>
                <element name="external">
                  <optional><attribute name="anchor" ns=""><ref name="uri"/></attribute></optional>
                  <ref name="list-reference"/>
                </element>
                <element name="entry">
                  <attribute name="uri" ns=""><ref name="uri"/></attribute>
                  <ref name="list-reference"/>
                </element>
                <element name="entry-ref">
                  <attribute name="ref" ns=""><ref name="uri"/></attribute>
                  <ref name="list-reference"/>
                </element>
              </choice>
            </zeroOrMore>
            <ref name="list-extensions"/>
          </define>
          <define name="list-reference">
            <ref name="list-foreign-attributes"/>
            <ref name="list-display-name"/>
            <ref name="list-extensions"/>
          </define>
          <define name="list-display-name">
            <optional><element name="display-name"><ref name="localized-text"/></element></optional>
          </define>
          <define name="list-extensions">
            <zeroOrMore><ref name="list-foreign-element"/></zeroOrMore>
          </define>
        </div>
        \(SchemaPatterns.foreignElement(named: "list-foreign-element", except: [namespace, other]))
        \(SchemaPatterns.foreignAttributes(named: "list-foreign-attributes", except: [namespace]))
        """
    }
}
