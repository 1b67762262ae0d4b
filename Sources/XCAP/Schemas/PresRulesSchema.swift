import XMLTree

/// Presence authorization documents: a common policy rule set (RFC 4745 §13) with the permissions of RFC 5025 §7.
enum PresRulesSchema {
    static let namespace = "urn:ietf:params:xml:ns:pres-rules"
    static let commonPolicyNamespace = "urn:ietf:params:xml:ns:common-policy"

    static let schema = SchemaPatterns.schema(
        namespace: commonPolicyNamespace, start: "ruleset", ruleset, conditions,
        SchemaPatterns.foreignElement(named: "foreign-element", except: [commonPolicyNamespace]), permissions,
        providing,
        SchemaPatterns.foreignElement(named: "extension", except: [commonPolicyNamespace, namespace]),
        SchemaPatterns.foreignElement(named: "other-selector", except: [namespace]))

    /// RFC 4745 has no extensions right in a rule, but clients that many people use end a rule with its display name, in a
    /// namespace of their own; refusing it would cost them all of XCAP.
    private static let ruleset = """
        <define name="ruleset">
          <element name="ruleset">
            <ref name="instance-attributes"/>
            <zeroOrMore>
              <element name="rule">
                <attribute name="id"><data type="NCName"/></attribute>
                <optional><ref name="conditions"/></optional>
                <optional><element name="actions"><ref name="permissions"/></element></optional>
                <optional><element name="transformations"><ref name="permissions"/></element></optional>
                <zeroOrMore><ref name="extension"/></zeroOrMore>
              </element>
            </zeroOrMore>
          </element>
        </define>
        """

    private static let conditions = """
        <define name="conditions">
          <element name="conditions">
            <zeroOrMore>
              <choice>
                <ref name="identity"/>
                <element name="sphere"><attribute name="value"/></element>
                <element name="validity">
                  <oneOrMore>
                    <element name="from"><data type="dateTime"/></element>
                    <element name="until"><data type="dateTime"/></element>
                  </oneOrMore>
                </element>
                <ref name="foreign-element"/>
              </choice>
            </zeroOrMore>
          </element>
        </define>
        <define name="identity">
          <element name="identity">
            <oneOrMore>
              <choice>
                <element name="one">
                  <attribute name="id"><ref name="uri"/></attribute>
                  <optional><ref name="foreign-element"/></optional>
                </element>
                <element name="many">
                  <optional><attribute name="domain"/></optional>
                  <zeroOrMore><choice><ref name="except"/><ref name="foreign-element"/></choice></zeroOrMore>
                </element>
                <ref name="foreign-element"/>
              </choice>
            </oneOrMore>
          </element>
        </define>
        <define name="except">
          <element name="except">
            <optional><attribute name="domain"/></optional>
            <optional><attribute name="id"><ref name="uri"/></attribute></optional>
          </element>
        </define>
        """

    /// Common policy lets any other namespace stand in actions and transformations; of the one of presence rules only
    /// what it defines, as RFC 4825 §8.2.5 demands of a namespace that the server knows.
    private static let permissions = """
        <define name="permissions">
          <zeroOrMore><choice><ref name="permission"/><ref name="extension"/></choice></zeroOrMore>
        </define>
        <div ns="\(namespace)">
          <define name="permission">
            <choice>
              <element name="sub-handling">
                <choice>
                  <value type="token">block</value>
                  <value type="token">confirm</value>
                  <value type="token">polite-block</value>
                  <value type="token">allow</value>
                </choice>
              </element>
              <ref name="provide-services"/>
              <ref name="provide-devices"/>
              <ref name="provide-persons"/>
              <element>
                <choice>
                  \(booleans.map { "<name>provide-\($0)</name>" }.joined(separator: "\n"))
                </choice>
                <data type="boolean"/>
              </element>
              <element name="provide-user-input">
                <choice>
                  <value type="string">false</value>
                  <value type="string">bare</value>
                  <value type="string">thresholds</value>
                  <value type="string">full</value>
                </choice>
              </element>
              <element name="provide-unknown-attribute">
                <attribute name="name" ns=""/>
                <attribute name="ns" ns=""/>
                <data type="boolean"/>
              </element>
              <element name="provide-all-attributes"><empty/></element>
            </choice>
          </define>
        </div>
        """

    /// The attributes of presence that a rule lets through or not.
    private static let booleans = [
        "activities", "class", "deviceID", "mood", "note", "place-is", "place-type", "privacy", "relationship",
        "sphere",
        "status-icon", "time-offset",
    ]

    /// Which services, devices and persons of a presentity a rule gives away: all, or those named.
    private static let providing = """
        <div ns="\(namespace)">
          <define name="provide-services">
            <element name="provide-services">
              <choice>
                <element name="all-services"><empty/></element>
                <zeroOrMore>
                  <choice>
                    <element name="service-uri"><ref name="uri"/></element>
                    <element name="service-uri-scheme"><data type="token"/></element>
                    <ref name="selector"/>
                  </choice>
                </zeroOrMore>
              </choice>
            </element>
          </define>
          <define name="provide-devices">
            <element name="provide-devices">
              <choice>
                <element name="all-devices"><empty/></element>
                <zeroOrMore>
                  <choice>
                    <element name="deviceID"><ref name="uri"/></element>
                    <ref name="selector"/>
                  </choice>
                </zeroOrMore>
              </choice>
            </element>
          </define>
          <define name="provide-persons">
            <element name="provide-persons">
              <choice>
                <element name="all-persons"><empty/></element>
                <zeroOrMore><ref name="selector"/></zeroOrMore>
              </choice>
            </element>
          </define>
          <define name="selector">
            <choice>
              <element name="occurrence-id"><data type="token"/></element>
              <element name="class"><data type="token"/></element>
              <ref name="other-selector"/>
            </choice>
          </define>
        </div>
        """
}
