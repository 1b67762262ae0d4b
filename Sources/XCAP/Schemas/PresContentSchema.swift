import XMLTree

/// Content that presence documents point to, such as an icon (OMA Presence SIMPLE Content XDM 1.0).
///
/// Clients disagree on the order of the parts, and nothing depends on it, so any order is accepted.
enum PresContentSchema {
    static let namespace = "urn:oma:xml:prs:pres-content"

    static let schema = SchemaPatterns.schema(
        namespace: namespace, start: "content",
        """
        <define name="content">
          <element name="content">
            <ref name="instance-attributes"/>
            <interleave>
              <optional><element name="mime-type"><ref name="text-content"/></element></optional>
              <optional><element name="encoding"><ref name="text-content"/></element></optional>
              <zeroOrMore><element name="description"><ref name="localized-text"/></element></zeroOrMore>
              <element name="data"><ref name="text-content"/></element>
              <zeroOrMore><ref name="foreign-element"/></zeroOrMore>
            </interleave>
          </element>
        </define>
        <define name="text-content">
          <ref name="foreign-attributes"/>
          <text/>
        </define>
        """, SchemaPatterns.foreignElement(named: "foreign-element", except: [namespace]),
        SchemaPatterns.foreignAttributes(named: "foreign-attributes", except: [namespace]))
}
