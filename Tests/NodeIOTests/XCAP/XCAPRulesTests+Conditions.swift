import Testing

/// RFC 4825 §7.11, §8.2.6 and §8.5.
extension XCAPRulesTests {
    private static let node = XCAPRule.path + XCAPRule.work

    @Test func conditionsHoldOnEveryMethodAndResource() async throws {
        let gateway = try await XCAPGateway()
        var client = try gateway.client()
        let empty = #"<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>"#
        func put(_ fields: [String], _ body: String = XCAPRule.document) async throws -> HTTPPeer.Response {
            try await client.request("PUT", XCAPRule.path, type: XCAPRule.lists, fields: fields, body: body)
        }
        #expect(try await put(["If-Match: *"]).status == 412)
        #expect(try await put([#"If-Match: "a""#]).status == 412)
        let old = try #require(try await put(["If-None-Match: *"], empty).fields["etag"])
        #expect(try await put(["If-None-Match: *"]).status == 412)
        #expect(try await put(["If-None-Match: \(old)"]).status == 412)
        let second = try await put(["If-Match: \(old)"])
        #expect(second.status == 200)
        let tag = try #require(second.fields["etag"])
        #expect(tag != old)
        #expect(try await put(["If-Match: \(old)"], empty).status == 412)
        #expect(try await put(["If-Match: W/\(tag)"], empty).status == 412)
        #expect(try await put(["If-Match: nonsense"], empty).status == 400)

        for path in ["", "/@name", "/namespace::*"].map({ Self.node + $0 }) + [XCAPRule.path] {
            #expect(try await client.request("GET", path).fields["etag"] == tag, "\(path)")
            for condition in [tag, "W/\(tag)", "*", "\"a\", \(tag)"] {
                let got = try await client.request("GET", path, fields: ["If-None-Match: \(condition)"])
                #expect(got.status == 304, "\(path) \(condition)")
                #expect(got.fields["etag"] == tag)
            }
            #expect(try await client.request("GET", path, fields: ["If-None-Match: \(old)"]).status == 200)
            #expect(try await client.request("GET", path, fields: ["If-Match: \(old)"]).status == 412)
            #expect(
                try await client.request("GET", path, fields: ["If-Match: \(old)", "If-Match: \(tag)"]).status == 200)
        }
        try await changeNodes(&client, old: old, tag: tag)
        let now = try #require(try await client.request("GET", XCAPRule.path).fields["etag"])
        #expect(try await client.request("DELETE", XCAPRule.path, fields: ["If-Match: \(tag)"]).status == 412)
        #expect(try await client.request("DELETE", XCAPRule.path, fields: ["If-None-Match: *"]).status == 412)
        #expect(try await client.request("DELETE", XCAPRule.path, fields: ["If-Match: \(now)"]).status == 200)
        try await gateway.stop()
    }

    /// Elements and attributes bear the tag of their document, also those that are about to be: `If-None-Match: *` never
    /// holds for them (§8.2.6).
    private func changeNodes(_ client: inout XCAPUser, old: String, tag: String) async throws {
        let entry = Self.node + "/entry"
        let body = #"<entry uri="sip:n@example.org"/>"#
        for condition in ["If-Match: \(old)", "If-None-Match: *", "If-None-Match: \(tag)"] {
            let put = try await client.request("PUT", entry, type: XCAPRule.element, fields: [condition], body: body)
            #expect(put.status == 412, "\(condition)")
            let delete = try await client.request("DELETE", Self.node, fields: [condition])
            #expect(delete.status == 412, "\(condition)")
        }
        let put = try await client.request(
            "PUT", entry, type: XCAPRule.element, fields: ["If-Match: \(tag)"], body: body)
        #expect(put.status == 201)
        let next = try #require(put.fields["etag"])
        #expect(next != tag)
        let attribute = try await client.request(
            "PUT", entry + "/@uri", type: XCAPRule.attribute, fields: ["If-Match: \(next)"],
            body: #""sip:m@example.org""#)
        #expect(attribute.status == 200)
        let last = try #require(attribute.fields["etag"])
        #expect(try await client.request("DELETE", entry, fields: ["If-Match: \(next)"]).status == 412)
        let delete = try await client.request("DELETE", entry, fields: ["If-Match: \(last)"])
        #expect(delete.status == 200)
        let tagAfter = try await client.request("GET", XCAPRule.path).fields["etag"]
        #expect(delete.fields["etag"] == tagAfter)
        #expect(tagAfter != last)
    }
}
