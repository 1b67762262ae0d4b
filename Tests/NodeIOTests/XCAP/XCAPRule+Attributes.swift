extension XCAPRule {
    private static let second = "/~~/resource-lists/list%5B2%5D"

    /// §7.7 to §7.9.
    static let attributes = [
        XCAPRule(
            section: "7.9", method: "GET", node: second + "/@name", status: 200, answer: (attribute, #""work""#)),
        XCAPRule(
            section: "7.9", method: "GET", node: friends + "/@y:k?xmlns(y=urn:x)", status: 200,
            answer: (attribute, #""1""#)),
        XCAPRule(section: "8.3", method: "GET", node: second + "/@other", status: 404),
        // The default document namespace is not for attributes.
        XCAPRule(section: "6.3", method: "GET", node: friends + "/@k", status: 404),
        XCAPRule(section: "8.3", method: "GET", node: "/~~/resource-lists/list/@name", status: 404),
        XCAPRule(section: "8", method: "GET", node: friends + "/@x:k", status: 400),
        XCAPRule(
            section: "8.2.4", method: "PUT", node: second + "/@name", type: attribute, body: "'play'", status: 200,
            result: edited(#"<list name="work"/>"#, "<list name='play'/>")),
        XCAPRule(
            section: "8.2.4", method: "PUT", node: work + "/@name", type: attribute, body: #""work""#, status: 200),
        XCAPRule(
            section: "8.2.3", method: "PUT", node: work + "/@y:k?xmlns(y=urn:x)", type: attribute, body: #""&lt;2""#,
            status: 201, result: edited(#"<list name="work"/>"#, #"<list name="work" x:k="&lt;2"/>"#)),
        refuse("7.7", work + "/@name", "cannot-insert"),
        refuse("8.2.3", work + "/@z:k?xmlns(z=urn:unbound)", "cannot-insert"),
        refuse("8.2.1", "/~~/resource-lists/list%5B3%5D/@name", "no-parent", "\(path)/~~/resource-lists</ancestor>"),
        refuse("8.2.1", friends + "/entry/@uri", "no-parent", "\(friends)</ancestor>"),
        refuse("8.2.2", second + "/@name", "not-xml-att-value", body: "play"),
        refuse("8.2.2", second + "/@name", "not-xml-att-value", body: #""a" b="c""#),
        refuse("8.2.2", second + "/@name", "not-xml-att-value", body: #""<""#),
        refuse("8.2.2", second + "/@name", "not-xml-att-value", body: #""&""#),
        refuse("8.2.5", second + "/@other", "schema-validation-error"),
        refuse(
            "8.2.5", second + "/@name", "uniqueness-failure", #"<exists field="resource-lists/list%5B2%5D/@name"/>"#,
            body: #""friends""#),
        XCAPRule(
            section: "8.2.2", method: "PUT", node: second + "/@name", type: element, body: "'play'", status: 415),
        XCAPRule(
            section: "8.4", method: "DELETE", node: second + "/@name", status: 200,
            result: edited(#"<list name="work"/>"#, "<list/>")),
        XCAPRule(
            section: "8.4", method: "DELETE", node: work + "/@name", status: 200,
            result: edited(#"<list name="work"/>"#, "<list/>")),
        XCAPRule(
            section: "8.2.5", method: "DELETE", node: friends + "/entry%5B2%5D/@uri", status: 409,
            condition: "schema-validation-error"),
        XCAPRule(section: "8.4", method: "DELETE", node: second + "/@other", status: 404),
        XCAPRule(section: "8.4", method: "DELETE", node: friends + "/entry/@uri", status: 404),
    ]

    /// §7.10 and §10; they can't be changed (§8.2, §8.4).
    static let bindings = [
        XCAPRule(
            section: "10", method: "GET", node: work + "/namespace::*", status: 200,
            answer: (
                namespaces, #"<list xmlns="urn:ietf:params:xml:ns:resource-lists" xmlns:x="urn:x"/>"#
            )),
        XCAPRule(section: "8.3", method: "GET", node: friends + "/nothing/namespace::*", status: 404),
        XCAPRule(
            section: "8.2", method: "PUT", node: work + "/namespace::*", type: namespaces,
            body: #"<list xmlns="urn:z"/>"#, status: 405),
        XCAPRule(section: "8.4", method: "DELETE", node: work + "/namespace::*", status: 405),
        XCAPRule(section: "8.1", method: "POST", node: work, type: element, body: "<a/>", status: 405),
    ]

    private static func refuse(
        _ section: String, _ node: String, _ condition: String, _ report: String? = nil, body: String = #""play""#
    ) -> XCAPRule {
        XCAPRule(
            section: section, method: "PUT", node: node, type: attribute, body: body, status: 409, condition: condition,
            report: report)
    }
}
