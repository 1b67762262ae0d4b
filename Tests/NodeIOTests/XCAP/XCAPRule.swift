import Testing

/// A request about alice's resource lists, and what RFC 4825 says comes of it.
struct XCAPRule: Sendable {
    /// The sections that say so.
    var section: String
    var method: String
    /// What follows the document in the URI.
    var node = ""
    var type: String?
    var body: String?
    var fields: [String] = []
    var status: Int
    /// The error element of a conflict (§11), and what else stands in the report.
    var condition: String?
    var report: String?
    /// The type and the content of the answer.
    var answer: (type: String, body: String)?
    /// What the document is afterwards; nil for what it was.
    var result: String?

    static let element = "application/xcap-el+xml"
    static let attribute = "application/xcap-att+xml"
    static let namespaces = "application/xcap-ns+xml"
    static let lists = "application/resource-lists+xml"
    static let path = "/resource-lists/users/sip:alice@example.org/index"

    /// What each rule finds.
    static let document = """
        <?xml version="1.0" encoding="UTF-8"?>
        <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists" xmlns:x="urn:x">
         <list name="friends" x:k="1">
          <entry uri="sip:a@example.org"><display-name>A</display-name></entry>
          <entry uri="sip:b@example.org"/>
          <!-- comment -->
          <external anchor="http://example.org/c"/>
         </list>
         <list name="work"/>
        </resource-lists>
        """
    static let friends = "/~~/resource-lists/list%5B@name=%22friends%22%5D"
    static let work = "/~~/resource-lists/list%5B@name=%22work%22%5D"

    /// The document with something in the place of something that it holds once.
    static func edited(_ text: String, _ replacement: String) -> String {
        precondition(document.ranges(of: text).count == 1)
        return document.replacing(text, with: replacement)
    }

    /// An element's selection by its `uri`.
    static func with(uri name: String) -> String { "%5B@uri=%22sip:\(name)@example.org%22%5D" }

    /// Puts the document there, sends the request and looks at what came of it.
    func check(with client: inout XCAPUser) async throws {
        let rule = "§\(section) \(method) \(node) \(body ?? "")"
        let put = try await client.request("PUT", Self.path, type: Self.lists, body: Self.document)
        #expect([200, 201].contains(put.status), "before \(rule)")
        let response = try await client.request(method, Self.path + node, type: type, fields: fields, body: body)
        #expect(response.status == status, "\(rule): \(response.body)")
        if let answer {
            #expect(response.fields["content-type"] == answer.type, "\(rule)")
            #expect(response.body == answer.body, "\(rule)")
        }
        checkConflict(response, rule)

        // §8.5: what succeeds tells the document's entity tag, which all of its resources share.
        let after = try await client.request("GET", Self.path)
        #expect(after.body == result ?? Self.document, "after \(rule)")
        #expect((after.fields["etag"] == put.fields["etag"]) == (result == nil), "\(rule)")
        if (200..<300).contains(status) { #expect(response.fields["etag"] == after.fields["etag"], "\(rule)") }
        // §8.2.7: the answer to a PUT has no content.
        if method == "PUT", status < 300 { #expect(response.body.isEmpty, "\(rule)") }
        // §7: what was put there is what a GET of the same URI fetches.
        if method == "PUT", status < 300, let body, type != Self.lists {
            let fetched = try await client.request("GET", Self.path + node)
            #expect(fetched.body == body, "\(rule)")
            #expect(fetched.fields["content-type"] == type, "\(rule)")
        }
        // §7.5: once more it finds nothing, so that the request is idempotent.
        if method == "DELETE", status == 200 {
            #expect(try await client.request("DELETE", Self.path + node).status == 404, "\(rule)")
        }
    }

    private func checkConflict(_ response: HTTPPeer.Response, _ rule: String) {
        #expect((condition != nil) == (status == 409), "\(rule)")
        guard let condition else { return }
        #expect(response.fields["content-type"] == "application/xcap-error+xml", "\(rule)")
        let start = #"<xcap-error xmlns="urn:ietf:params:xml:ns:xcap-error"><\#(condition)"#
        #expect(response.body.contains(start), "\(rule): \(response.body)")
        if let report { #expect(response.body.contains(report), "\(rule): \(response.body)") }
    }
}
