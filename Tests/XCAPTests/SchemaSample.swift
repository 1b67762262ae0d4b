import Testing
import XMLTree

@testable import XCAP

/// A document that uses all that its schema has.
struct SchemaSample: CustomTestStringConvertible, Sendable {
    /// The file of the XSD that the RFC gives.
    var file: String
    var schema: XMLSchema
    var text: String

    var testDescription: String { file }

    static let all = [resourceLists, services, rules, presence, capabilities]

    private static let resourceLists = SchemaSample(
        file: "resource-lists.xsd", schema: ResourceListsSchema.schema,
        text: """
            <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:a a.xsd" xmlns:x="urn:x">
              <list name="friends" x:y="z">
                <display-name xml:lang="en">Friends</display-name>
                <entry uri="sip:a@b" x:y="z"><display-name>A</display-name><x:y><z xmlns=""/></x:y></entry>
                <entry-ref ref="resource-lists/x"><display-name>B</display-name><x:y/></entry-ref>
                <external anchor="http://a/b"><display-name/><x:y/></external>
                <external/>
                <list><list name="inner"/><entry uri="sip:b@b"/></list>
                <x:extension>text<!-- comment --></x:extension><x:extension/>
              </list>
              <list/>
            </resource-lists>
            """)

    private static let services = SchemaSample(
        file: "rls-services.xsd", schema: RLSServicesSchema.schema,
        text: """
            <rls-services xmlns="urn:ietf:params:xml:ns:rls-services" xmlns:rl="urn:ietf:params:xml:ns:resource-lists"
                xmlns:x="urn:x">
              <service uri="sip:a@b" x:y="z"><resource-list>http://a/b</resource-list></service>
              <service uri="sip:c@d">
                <list name="l">
                  <rl:display-name>L</rl:display-name><rl:entry uri="sip:x@y"/><rl:list><rl:entry-ref ref="z"/></rl:list>
                  <x:y/>
                </list>
                <packages><package>presence</package><x:y/><package>dialog</package></packages>
                <x:y/>
              </service>
              <service uri="sip:e@f"><list/><packages/></service>
            </rls-services>
            """)

    private static let rules = SchemaSample(
        file: "pres-rules.xsd", schema: PresRulesSchema.schema,
        text: """
            <ruleset xmlns="urn:ietf:params:xml:ns:common-policy" xmlns:pr="urn:ietf:params:xml:ns:pres-rules"
                xmlns:x="urn:x">
              <rule id="a">
                <conditions>
                  <identity><one id="sip:a@b"/><one id="sip:c@d"><x:y/></one>
                    <many domain="example.com"><except id="sip:e@example.com"/><except domain="f"/><x:y/></many><many/></identity>
                  <sphere value="work"/>
                  <validity><from>2003-08-15T10:20:00.000-05:00</from><until>2003-09-15T10:20:00Z</until></validity>
                  <x:anonymous-request/>
                </conditions>
                <actions><pr:sub-handling>polite-block</pr:sub-handling><x:y/></actions>
                <transformations>
                  <pr:provide-services><pr:service-uri>sip:a@b</pr:service-uri><pr:service-uri-scheme>sip</pr:service-uri-scheme>
                    <pr:occurrence-id>o</pr:occurrence-id><pr:class>c</pr:class><x:y/></pr:provide-services>
                  <pr:provide-devices><pr:deviceID>urn:d</pr:deviceID><pr:class>c</pr:class></pr:provide-devices>
                  <pr:provide-persons><pr:occurrence-id>o</pr:occurrence-id><x:y/></pr:provide-persons>
                  <pr:provide-persons><pr:all-persons/></pr:provide-persons>
                  <pr:provide-services><pr:all-services/></pr:provide-services>
                  <pr:provide-devices><pr:all-devices/></pr:provide-devices>
                  <pr:provide-activities>true</pr:provide-activities><pr:provide-class>false</pr:provide-class>
                  <pr:provide-deviceID>1</pr:provide-deviceID><pr:provide-mood>0</pr:provide-mood>
                  <pr:provide-place-is> true </pr:provide-place-is><pr:provide-place-type>true</pr:provide-place-type>
                  <pr:provide-privacy>true</pr:provide-privacy><pr:provide-relationship>true</pr:provide-relationship>
                  <pr:provide-status-icon>true</pr:provide-status-icon><pr:provide-sphere>true</pr:provide-sphere>
                  <pr:provide-time-offset>true</pr:provide-time-offset><pr:provide-note>true</pr:provide-note>
                  <pr:provide-user-input>thresholds</pr:provide-user-input>
                  <pr:provide-unknown-attribute name="n" ns="urn:n">true</pr:provide-unknown-attribute>
                  <pr:provide-all-attributes/><x:y/>
                </transformations>
              </rule>
              <rule id="b"><actions/><transformations/></rule>
              <rule id="c"/>
            </ruleset>
            """)

    private static let presence = SchemaSample(
        file: "pidf.xsd", schema: PIDFSchema.schema,
        text: """
            <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:x="urn:x" entity="pres:a@b">
              <tuple id="t1">
                <status><basic>open</basic><x:y z="1"/></status>
                <x:y/><x:y>text</x:y>
                <contact priority="0.8">sip:a@b</contact>
                <note xml:lang="en">Note</note><note>Other</note>
                <timestamp>2001-10-27T16:49:29Z</timestamp>
              </tuple>
              <tuple id="t2"><status/><contact>tel:1</contact></tuple>
              <note>All</note>
              <x:person id="p"><z xmlns=""/></x:person>
            </presence>
            """)

    private static let capabilities = SchemaSample(
        file: "xcap-caps.xsd", schema: XCAPCapsSchema.schema,
        text: """
            <xcap-caps xmlns="urn:ietf:params:xml:ns:xcap-caps" xmlns:x="urn:x">
              <auids><auid>xcap-caps</auid><auid>resource-lists</auid></auids>
              <extensions><extension>e</extension></extensions>
              <namespaces><namespace>urn:ietf:params:xml:ns:xcap-caps</namespace></namespaces>
              <x:y/>
            </xcap-caps>
            """)
}
