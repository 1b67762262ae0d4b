import NIOPosix
import NodeIO
import OverlayNode
import Primitives
import Testing

/// HTTP over loopback, as phones speak it.
@Suite(.timeLimit(.minutes(1))) struct XCAPEndpointTests {
    @Test func aRequestReachesTheNodeUnchanged() async throws {
        let probe = try await XCAPProbe()
        let path = "/resource-lists/users/sip:alice@example.org/index/~~/resource-lists/list%5b@name=%22a%22%5D"
        let target = "/xcap-root\(path)?xmlns(rl=urn:a)?b"
        let response = await (try probe.connect()).request(
            "GET \(target)", fields: ["If-None-Match: \"a\"", "X-One: 1", "x-one: 2", "Authorization: Digest a=b"])
        #expect(response?.status == 200)
        #expect(response?.body == "hi")
        let call = try #require(probe.calls.first)
        #expect(call.method == "GET")
        #expect(call.path == path)
        #expect(call.query == "xmlns(rl=urn:a)?b")
        #expect(call.target == target)
        #expect(
            call.fields == [
                .init("host", "example.org"), .init("if-none-match", "\"a\""), .init("x-one", "1"), .init("x-one", "2"),
                .init("authorization", "Digest a=b"),
            ])
        #expect(call.body.isEmpty)
        #expect(call.remote == .loopback)
    }

    @Test(arguments: ["GET", "PUT", "DELETE", "POST", "OPTIONS", "PROPFIND"]) func everyMethodIsPassedOn(
        method: String
    )
        async throws
    {
        let probe = try await XCAPProbe()
        #expect(await (try probe.connect()).request("\(method) /xcap-root/a")?.status == 200)
        #expect(probe.calls.map(\.method) == [method])
        #expect(probe.calls.map(\.query) == [nil])
    }

    @Test func anAnswerCarriesItsFieldsAndTheDate() async throws {
        let probe = try await XCAPProbe { _ in
            XCAPAnswer(
                status: 409, fields: [.init("content-type", "application/xcap-error+xml"), .init("etag", "\"a\"")],
                body: Array("<a/>".utf8))
        }
        let response = try #require(await (try probe.connect()).request("GET /xcap-root/a"))
        #expect(response.status == 409)
        #expect(response.body == "<a/>")
        #expect(response.fields["content-type"] == "application/xcap-error+xml")
        #expect(response.fields["etag"] == "\"a\"")
        #expect(response.fields["server"] == "starling")
        let date = try #require(response.fields["date"])
        #expect(date.wholeMatch(of: /[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/) != nil)
    }

    @Test func headGetsNoBody() async throws {
        let probe = try await XCAPProbe()
        let peer = try probe.connect()
        let head = await peer.request("HEAD /xcap-root/a")
        #expect(head?.status == 200)
        #expect(head?.fields["content-length"] == "2")
        // Had there been one, it would stand before the next response.
        #expect(await peer.request("GET /xcap-root/a")?.body == "hi")
    }

    @Test(arguments: [204, 304]) func someAnswersHaveNeitherBodyNorLength(status: Int) async throws {
        let probe = try await XCAPProbe { XCAPAnswer(status: $0.path == "/b" ? 200 : status) }
        let peer = try probe.connect()
        let response = await peer.request("GET /xcap-root/a")
        #expect(response?.status == status)
        #expect(response?.fields["content-length"] == nil)
        #expect(await peer.request("GET /xcap-root/b")?.status == 200)
    }

    @Test func bodiesComeByLengthAndInChunks() async throws {
        let probe = try await XCAPProbe()
        let peer = try probe.connect()
        let long = String(repeating: "a", count: 512 << 10)
        #expect(await peer.request("PUT /xcap-root/a", body: long)?.status == 200)
        await peer.write(
            HTTPPeer.request("PUT /xcap-root/b", fields: ["Transfer-Encoding: chunked"])
                + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        )
        #expect(await peer.response()?.status == 200)
        #expect(probe.calls.map(\.body) == [Array(long.utf8), Array("abcde".utf8)])
    }

    @Test func aPeerThatAsksFirstIsToldToGoOn() async throws {
        let probe = try await XCAPProbe()
        let peer = try probe.connect()
        await peer.write(HTTPPeer.request("PUT /xcap-root/a", fields: ["Expect: 100-continue", "Content-Length: 2"]))
        #expect(await peer.response()?.status == 100)
        await peer.write("ab")
        #expect(await peer.response()?.status == 200)
        #expect(probe.calls.map(\.body) == [[97, 98]])
    }

    @Test func aPipelineIsAnsweredInItsOrder() async throws {
        let probe = try await XCAPProbe { XCAPAnswer(status: 200, body: Array($0.path.utf8)) }
        let peer = try probe.connect()
        let requests = (0..<5).map { HTTPPeer.request("PUT /xcap-root/\($0)", body: "body \($0)") }
        await peer.write(requests.joined())
        for number in 0..<5 { #expect(await peer.response()?.body == "/\(number)") }
        #expect(probe.calls.map(\.path) == (0..<5).map { "/\($0)" })
    }

    @Test func whoeverAsksForTheEndGetsIt() async throws {
        let probe = try await XCAPProbe()
        let peer = try probe.connect()
        #expect(await peer.request("GET /xcap-root/a", fields: ["Connection: close"])?.status == 200)
        await peer.endWriting()
        #expect(await peer.isClosedByPeer)
    }

    @Test(arguments: ["/", "/other", "/xcap-roo", "/xcap-rooted/a", "/a/xcap-root/a", "*"])
    func nothingIsFoundOutsideOfTheRoot(target: String) async throws {
        let probe = try await XCAPProbe()
        let response = await (try probe.connect()).request("OPTIONS \(target)")
        #expect(response?.status == 404)
        #expect(probe.calls.isEmpty)
    }

    @Test(arguments: ["/xcap-root", "/xcap-root/", "/xcap-root?a"]) func theRootItselfIsPassedOn(target: String)
        async throws
    {
        let probe = try await XCAPProbe()
        #expect(await (try probe.connect()).request("GET \(target)")?.status == 200)
        #expect(["", "/"].contains(probe.calls.first?.path))
    }

    @Test func aPortThatIsTakenIsTold() async throws {
        let probe = try await XCAPProbe()
        let local = probe.endpoint.local
        let error = await #expect(throws: SystemCallError.self) {
            try await XCAPEndpoint.start(at: local, on: MultiThreadedEventLoopGroup.singleton.next()) { _ in
                XCAPAnswer(status: 200)
            }
        }
        #expect("\(error!)".contains("\(local)") && "\(error!)".contains("in use"))
    }
}
