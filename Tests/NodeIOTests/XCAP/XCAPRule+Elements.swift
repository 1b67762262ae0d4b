extension XCAPRule {
    /// §7.6 and §8.3.
    static let fetchingElements = [
        fetch("7.6", friends + "/entry%5B2%5D", #"<entry uri="sip:b@example.org"/>"#),
        fetch(
            "7.6", friends + "/entry\(with(uri: "a"))",
            #"<entry uri="sip:a@example.org"><display-name>A</display-name></entry>"#),
        fetch("6.3", friends + "/*%5B3%5D", #"<external anchor="http://example.org/c"/>"#),
        fetch("6.3", friends + "/external", #"<external anchor="http://example.org/c"/>"#),
        fetch("6.3", "/~~/resource-lists/*%5B2%5D", #"<list name="work"/>"#),
        fetch("6.3", "/~~/*/list%5B2%5D%5B@name='work'%5D", #"<list name="work"/>"#),
        fetch("6", "/%7e%7E/resource-lists/list[2]", #"<list name="work"/>"#),
        fetch(
            "6.4", "/~~/r:resource-lists/r:list%5B2%5D?xmlns(r=urn:ietf:params:xml:ns:resource-lists)",
            #"<list name="work"/>"#),
        fetch(
            "6.4", "/~~/resource-lists/list%5B@y:k=%221%22%5D/entry%5B2%5D?xmlns(y=urn:x)",
            #"<entry uri="sip:b@example.org"/>"#),
        missing("8.3", "/~~/resource-lists/list%5B3%5D"), missing("8.3", "/~~/other"),
        missing("8.3", friends + "/entry"), missing("8.3", "/~~/resource-lists/list%5B0%5D"),
        missing("6.3", "/~~/resource-lists/list%5B@x=%22work%22%5D"),
        missing("8", "/~~/resource-lists/list%5Bposition()=1%5D"), missing("8", "/~~/resource-lists/list()"),
        missing("6.4", "/~~/r:resource-lists?xmlns(r=urn:other)"), missing("6.3", "/~~/"),
        XCAPRule(section: "8", method: "GET", node: "/~~/r:resource-lists", status: 400),
        XCAPRule(section: "8", method: "GET", node: "/~~/resource-lists/r:list?xmlns(x=urn:x)", status: 400),
        XCAPRule(section: "6.4", method: "GET", node: "/~~/resource-lists?xmlns", status: 400),
        XCAPRule(section: "6.3", method: "GET", node: "/~~/resource-lists/%FF", status: 400),
    ]

    /// §7.4, §8.2.3 and §8.2.4.
    static let placingElements = [
        put("8.2.3", "/entry\(with(uri: "n"))", after: #"<entry uri="sip:b@example.org"/>"#),
        put("8.2.3", "/entry%5B3%5D\(with(uri: "n"))", after: #"<entry uri="sip:b@example.org"/>"#),
        put("8.2.3", "/*%5B3%5D\(with(uri: "n"))", after: #"<entry uri="sip:b@example.org"/>"#),
        put("8.2.3", "/*%5B4%5D\(with(uri: "n"))", after: #"<external anchor="http://example.org/c"/>"#),
        put("8.2.3", "/entry%5B1%5D\(with(uri: "n"))", before: #"<entry uri="sip:a@example.org">"#),
        put("8.2.3", "/*%5B2%5D\(with(uri: "n"))", after: "<display-name>A</display-name></entry>"),
        put("8.2.3", "/entry%5B2%5D\(with(uri: "n"))", after: "<display-name>A</display-name></entry>"),
        // Declarations that it brings stay, needed or not.
        XCAPRule(
            section: "8.2.3", method: "PUT", node: work + "/entry", type: element,
            body: #"<entry xmlns="urn:ietf:params:xml:ns:resource-lists" xmlns:z="urn:z" uri="sip:n@example.org"/>"#,
            status: 201,
            result: edited(
                #"<list name="work"/>"#,
                #"<list name="work"><entry xmlns="urn:ietf:params:xml:ns:resource-lists" xmlns:z="urn:z" "#
                    + #"uri="sip:n@example.org"/></list>"#)),
        // Prefixes in scope need not be declared again, and what is of an unknown namespace passes where the schema has
        // room for it.
        XCAPRule(
            section: "8.2.5", method: "PUT", node: work + "/y:note?xmlns(y=urn:x)", type: element,
            body: "<x:note>hi</x:note>", status: 201,
            result: edited(#"<list name="work"/>"#, #"<list name="work"><x:note>hi</x:note></list>"#)),
        XCAPRule(
            section: "8.2.4", method: "PUT", node: friends + "/entry%5B2%5D", type: element,
            body: #"<entry  uri='sip:n@example.org' />"#, status: 200,
            result: edited(#"<entry uri="sip:b@example.org"/>"#, #"<entry  uri='sip:n@example.org' />"#)),
        XCAPRule(
            section: "8.2.4", method: "PUT", node: friends + "/entry\(with(uri: "b"))", type: element,
            body: #"<entry uri="sip:b@example.org"/>"#, status: 200),
        XCAPRule(
            section: "8.2.4", method: "PUT", node: "/~~/resource-lists", type: element,
            body: #"<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>"#, status: 200,
            result: #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
                + #"<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>"#),
    ]

    /// §8.2.1, §8.2.2 and §8.2.5.
    static let refusedElements = [
        refuse(
            "8.2.1", "/~~/resource-lists/list%5B3%5D/entry", "no-parent", "<ancestor>http://127.0.0.1/xcap-root\(path)"),
        refuse("8.2.1", "/~~/resource-lists/list/entry", "no-parent", "/~~/resource-lists</ancestor>"),
        refuse("8.2.1", "/~~/other/entry", "no-parent", "\(path)</ancestor>"),
        refuse("8.2.3", friends + "/entry\(with(uri: "other"))", "cannot-insert"),
        refuse("8.2.4", friends + "/entry\(with(uri: "a"))", "cannot-insert"),
        refuse("8.2.3", friends + "/*%5B9%5D", "cannot-insert"),
        refuse("8.2.3", friends + "/entry%5B9%5D", "cannot-insert"),
        refuse("8.2.3", friends + "/external%5B2%5D", "cannot-insert"),
        refuse("7.4", friends + "/entry", "cannot-insert"),
        refuse("8.2.3", "/~~/entry", "cannot-insert"),
        refuse("8.2.2", work + "/entry", "not-xml-frag", body: "<entry"),
        refuse("8.2.2", work + "/entry", "not-xml-frag", body: "text"),
        refuse("8.2.2", work + "/entry", "not-xml-frag", body: ""),
        refuse("8.2.2", work + "/entry", "not-xml-frag", body: #"<entry uri="a:b"/><entry uri="a:c"/>"#),
        refuse("8.2.2", work + "/entry", "not-xml-frag", body: #"<z:entry uri="a:b"/>"#),
        refuse("8.2.2", work + "/entry", "not-utf-8", body: #"<?xml encoding="latin1"?><entry uri="a:b"/>"#),
        refuse("8.2.5", work + "/entry", "schema-validation-error", body: "<entry/>"),
        refuse("8.2.5", "/~~/resource-lists/entry", "schema-validation-error"),
        refuse(
            "8.2.5", friends + "/entry%5B3%5D", "uniqueness-failure",
            #"<exists field="resource-lists/list%5B1%5D/entry%5B3%5D/@uri"/>"#,
            body: #"<entry uri="sip:a@example.org"/>"#),
        refuse(
            "8.2.5", work + "/entry-ref", "constraint-failure", body: #"<entry-ref ref="http://example.org/index"/>"#),
        XCAPRule(
            section: "8.2.2", method: "PUT", node: work + "/entry", type: lists, body: #"<entry uri="a:b"/>"#,
            status: 415),
        XCAPRule(section: "8.2.2", method: "PUT", node: work + "/entry", body: #"<entry uri="a:b"/>"#, status: 415),
        XCAPRule(
            section: "8", method: "PUT", node: work + "/z:entry", type: element, body: #"<entry uri="a:b"/>"#,
            status: 400),
    ]

    /// §7.5 and §8.4.
    static let removingElements = [
        XCAPRule(
            section: "8.4", method: "DELETE", node: friends + "/entry%5B2%5D", status: 200,
            result: edited(#"<entry uri="sip:b@example.org"/>"#, "")),
        XCAPRule(
            section: "8.4", method: "DELETE", node: friends + "/*%5B3%5D", status: 200,
            result: edited(#"<external anchor="http://example.org/c"/>"#, "")),
        XCAPRule(
            section: "7.5", method: "DELETE", node: friends + "/*%5B1%5D\(with(uri: "a"))", status: 200,
            result: edited(#"<entry uri="sip:a@example.org"><display-name>A</display-name></entry>"#, "")),
        XCAPRule(
            section: "8.4", method: "DELETE", node: friends + "/entry\(with(uri: "a"))/display-name", status: 200,
            result: edited("<display-name>A</display-name>", "")),
        remove("8.4", friends + "/entry%5B1%5D", "cannot-delete"),
        remove("8.4", friends + "/*%5B2%5D", "cannot-delete"),
        remove("8.2.5", "/~~/resource-lists", "schema-validation-error"),
        XCAPRule(section: "8.4", method: "DELETE", node: friends + "/entry", status: 404),
        XCAPRule(section: "8.4", method: "DELETE", node: friends + "/entry%5B3%5D", status: 404),
        XCAPRule(section: "8.4", method: "DELETE", node: "/~~/resource-lists/list()", status: 404),
        XCAPRule(section: "8", method: "DELETE", node: "/~~/z:resource-lists", status: 400),
    ]

    private static func fetch(_ section: String, _ node: String, _ body: String) -> XCAPRule {
        XCAPRule(section: section, method: "GET", node: node, status: 200, answer: (element, body))
    }

    private static func missing(_ section: String, _ node: String) -> XCAPRule {
        XCAPRule(section: section, method: "GET", node: node, status: 404)
    }

    /// An entry of the friends that is new.
    private static func put(
        _ section: String, _ node: String, after: String? = nil, before: String? = nil
    ) -> XCAPRule {
        let body = #"<entry uri="sip:n@example.org"/>"#
        let neighbour = after ?? before ?? ""
        return XCAPRule(
            section: section, method: "PUT", node: friends + node, type: element, body: body, status: 201,
            result: edited(neighbour, after == nil ? body + neighbour : neighbour + body))
    }

    private static func refuse(
        _ section: String, _ node: String, _ condition: String, _ report: String? = nil,
        body: String = #"<entry uri="sip:n@example.org"/>"#
    ) -> XCAPRule {
        XCAPRule(
            section: section, method: "PUT", node: node, type: element, body: body, status: 409, condition: condition,
            report: report)
    }

    private static func remove(_ section: String, _ node: String, _ condition: String) -> XCAPRule {
        XCAPRule(section: section, method: "DELETE", node: node, status: 409, condition: condition)
    }
}
