import Primitives
import SIPStack
import Testing

/// RFC 4825 §7 and §8, rule by rule, in HTTP against a whole gateway.
@Suite(.timeLimit(.minutes(2))) struct XCAPRulesTests {
    private func check(_ rules: [XCAPRule]) async throws {
        let gateway = try await XCAPGateway()
        var client = try gateway.client()
        for rule in rules { try await rule.check(with: &client) }
        try await gateway.stop()
    }

    @Test func elementsAreFetched() async throws { try await check(XCAPRule.fetchingElements) }
    @Test func elementsAreInsertedAndReplaced() async throws { try await check(XCAPRule.placingElements) }
    @Test func elementsThatHaveNoPlaceAreRefused() async throws { try await check(XCAPRule.refusedElements) }
    @Test func elementsAreDeleted() async throws { try await check(XCAPRule.removingElements) }
    @Test func attributesAreFetchedSetAndDeleted() async throws { try await check(XCAPRule.attributes) }
    @Test func namespaceBindingsAreFetched() async throws { try await check(XCAPRule.bindings) }

    /// §7.1 to §7.3, §8.2.2 and §8.2.5.
    @Test func documentsAreCreatedReplacedAndDeleted() async throws {
        let gateway = try await XCAPGateway()
        var client = try gateway.client()
        let empty = #"<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>"#
        #expect(try await client.request("GET", XCAPRule.path).status == 404)
        #expect(try await client.request("DELETE", XCAPRule.path).status == 404)
        for (text, status) in [(empty, 201), (XCAPRule.document, 200)] {
            let put = try await client.request(
                "PUT", XCAPRule.path, type: "\(XCAPRule.lists);charset=utf-8", body: text)
            #expect(put.status == status)
            #expect(put.body.isEmpty)
            let got = try await client.request("GET", XCAPRule.path)
            #expect(got.status == 200)
            #expect(got.body == text)
            #expect(got.fields["content-type"] == XCAPRule.lists)
            #expect(got.fields["etag"] == put.fields["etag"] && put.fields["etag"] != nil)
            // RFC 9110 §9.3.2: the same but the content.
            let head = try await client.request("HEAD", XCAPRule.path)
            #expect(head.fields["content-length"] == "\(text.utf8.count)")
            #expect(head.fields["etag"] == put.fields["etag"])
        }
        // All spellings of a user's name lead to one home directory (§6.2).
        for user in ["alice@example.org", "sip%3Aalice%40example.org", "sip:alice@EXAMPLE.org"] {
            let path = "/resource-lists/users/\(user)/index"
            #expect(try await client.request("GET", path).body == XCAPRule.document, "\(user)")
        }
        #expect(try await client.request("DELETE", XCAPRule.path).status == 200)
        #expect(try await client.request("GET", XCAPRule.path).status == 404)
        // Without the document its elements have no parent.
        let orphan = try await client.request(
            "PUT", XCAPRule.work + "/entry", type: XCAPRule.element, body: "<entry uri='a:b'/>")
        #expect(orphan.status == 404)
        let node = try await client.request(
            "PUT", XCAPRule.path + XCAPRule.work, type: XCAPRule.element, body: "<list name='work'/>")
        #expect(node.status == 409)
        #expect(node.body.contains("<no-parent><ancestor>http://127.0.0.1/xcap-root/resource-lists/users/sip:alice@"))
        try await gateway.stop()
    }

    @Test func documentsThatCannotBeAreRefused() async throws {
        let gateway = try await XCAPGateway()
        var client = try gateway.client()
        let open = #"<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">"#
        for (body, condition) in [
            ("\(open)<list>", "not-well-formed"), ("", "not-well-formed"),
            ("<?xml version='1.0' encoding='ISO-8859-1'?>\(open)</resource-lists>", "not-utf-8"),
            ("<resource-lists/>", "schema-validation-error"),
            ("\(open)<item/></resource-lists>", "schema-validation-error"),
            ("\(open)<list name='a'/><list name='a'/></resource-lists>", "uniqueness-failure"),
            ("\(open)<list><external anchor='index'/></list></resource-lists>", "constraint-failure"),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]>\(open)</resource-lists>", "constraint-failure"),
        ] {
            let response = try await client.request("PUT", XCAPRule.path, type: XCAPRule.lists, body: body)
            #expect(response.status == 409, "\(body)")
            #expect(response.fields["content-type"] == "application/xcap-error+xml", "\(body)")
            #expect(response.body.contains("<\(condition)"), "\(body): \(response.body)")
        }
        let folder = "/resource-lists/users/sip:alice@example.org/folder/index"
        let put = try await client.request("PUT", folder, type: XCAPRule.lists, body: XCAPRule.document)
        #expect(put.status == 409 && put.body.contains("<no-parent>"))
        for type in [nil, "text/xml", "application/pidf+xml", XCAPRule.element] {
            let put = try await client.request("PUT", XCAPRule.path, type: type, body: XCAPRule.document)
            #expect(put.status == 415, "\(type ?? "none")")
        }
        for method in ["POST", "PATCH", "OPTIONS"] {
            let response = try await client.request(method, XCAPRule.path, type: XCAPRule.lists, body: "<a/>")
            #expect(response.status == 405)
            #expect(response.fields["allow"] == "GET, HEAD, PUT, DELETE")
        }
        let long = XCAPRule.path + "/~~/" + String(repeating: "resource-lists/", count: 600)
        #expect(try await client.request("GET", long).status == 414)
        #expect(try await client.request("GET", XCAPRule.path).status == 404)
        try await gateway.stop()
    }

    /// §8 and §5.7: who may do what, and to whom nothing is told.
    @Test func documentsAreTheirOwners() async throws {
        let gateway = try await XCAPGateway()
        var alice = try gateway.client()
        #expect(
            try await alice.request("PUT", XCAPRule.path, type: XCAPRule.lists, body: XCAPRule.document).status == 201)
        let unasked = await (try HTTPPeer(connectingTo: gateway.endpoint)).request("GET /xcap-root\(XCAPRule.path)")
        #expect(unasked?.status == 401)
        #expect(unasked?.challenges.map { $0.contains("algorithm=SHA-256") } == [true, false])
        #expect(unasked?.challenges.allSatisfy { $0.contains(#"qop="auth""#) && $0.contains("example.org") } == true)
        for (user, algorithm) in [
            ("alice", DigestAlgorithm.md5), ("alice@example.org", .sha256), ("alice@example.org", .md5),
        ] {
            var client = try gateway.client(user, algorithm)
            #expect(try await client.request("GET", XCAPRule.path).status == 200, "\(user) \(algorithm)")
        }
        for user in ["alice", "alice@example.org", "bob@example.net", "nobody"] {
            var client = try gateway.client(user, password: "wrong")
            #expect(try await client.request("GET", XCAPRule.path).status == 401, "\(user)")
        }
        var bob = try gateway.client("bob")
        for method in ["GET", "HEAD", "PUT", "DELETE"] {
            let response = try await bob.request(method, XCAPRule.path, type: XCAPRule.lists, body: "")
            #expect(response.status == 403, "\(method)")
        }
        // Whether somebody exists is told to nobody, and global documents are the operator's.
        let stranger = "/resource-lists/users/sip:nobody@example.org/index"
        #expect(try await alice.request("GET", stranger).status == 403)
        for path in ["/resource-lists/global/index", "/rls-services/global/index"] {
            #expect(try await alice.request("PUT", path, type: XCAPRule.lists, body: "<a/>").status != 201, "\(path)")
        }
        for path in [
            "/unknown/users/sip:alice@example.org/index", "/resource-lists/other/index", "/resource-lists", "",
        ] {
            #expect(try await alice.request("GET", path).status == 404, "\(path)")
        }
        #expect(try await alice.request("GET", XCAPRule.path).body == XCAPRule.document)
        try await gateway.stop()
    }

    /// §12 and the directory of the Open Mobile Alliance: they are read, and nobody writes them.
    @Test func documentsThatTheServerMakesAreOnlyRead() async throws {
        let gateway = try await XCAPGateway()
        var client = try gateway.client()
        _ = try await client.request("PUT", XCAPRule.path, type: XCAPRule.lists, body: XCAPRule.document)
        let tag = try #require(try await client.request("GET", XCAPRule.path).fields["etag"])
        let directory = "/org.openmobilealliance.xcap-directory/users/sip:alice@example.org/directory.xml"
        for (path, type, content) in [
            ("/xcap-caps/global/index", "application/xcap-caps+xml", "<auid>resource-lists</auid>"),
            (directory, "application/vnd.oma.xcap-directory+xml", "etag=\(tag)"),
        ] {
            let got = try await client.request("GET", path)
            #expect(got.status == 200)
            #expect(got.fields["content-type"] == type)
            #expect(got.body.contains(content), "\(got.body)")
            #expect(got.fields["etag"] != nil)
            for method in ["PUT", "DELETE"] {
                let response = try await client.request(method, path, type: type, body: got.body)
                #expect([403, 405].contains(response.status), "\(method) \(path)")
            }
        }
        let auids = try await client.request("GET", "/xcap-caps/global/index/~~/xcap-caps/auids/auid%5B2%5D")
        #expect(auids.fields["content-type"] == XCAPRule.element)
        #expect(auids.body == "<auid>resource-lists</auid>")
        try await gateway.stop()
    }
}
