import OverlayNode
import Primitives
import Testing

/// Who may do what over XCAP.
@Suite struct DocumentAuthenticationTests {
    @Test func wrongPasswordsAndStrangersAreAskedAgain() throws {
        var mesh = try Mesh.twoGateways(seed: 51)
        for var client in [XCAPClient("alice", password: "wrong"), XCAPClient("nobody")] {
            let answer = client.perform(&mesh, at: 0, "GET", XCAPClient("alice").path())
            #expect(answer?.status == 401)
            let challenges = answer?.fields.filter { $0.name == "WWW-Authenticate" }.map(\.value) ?? []
            #expect(challenges.map { $0.contains("algorithm=MD5") } == [false, true])
            #expect(challenges.map { $0.contains("SHA-256") } == [true, false])
            #expect(challenges.allSatisfy { $0.contains(#"realm="example.org""#) })
        }
        var bob = XCAPClient("bob")
        #expect(bob.perform(&mesh, at: 0, "GET", XCAPClient("alice").path())?.status == 403)
    }

    @Test func credentialsAreGoodOnceAndForOneTarget() throws {
        var mesh = try Mesh.twoGateways(seed: 52)
        var alice = XCAPClient("alice")
        let asked = mesh.answer(mesh.call(XCAPClient.call("GET", alice.path()), at: 0))
        let challenge = try #require(asked?.fields.first { $0.name == "WWW-Authenticate" }?.value)
        var call = XCAPClient.call("GET", alice.path())
        call.fields = [XCAPCall.Field("authorization", alice.credentials(challenge, "GET", call.target))]
        var other = call
        other.target = "/xcap/elsewhere"
        #expect(mesh.answer(mesh.call(other, at: 0))?.status == 400)
        #expect(mesh.answer(mesh.call(call, at: 0))?.status == 404)
        let replayed = mesh.answer(mesh.call(call, at: 0))
        #expect(replayed?.status == 401)
        #expect(replayed?.fields.contains { $0.value.contains("stale=true") } == true)
    }

    @Test func whatEverybodyMayKnowNeedsNoCredentials() throws {
        var mesh = try Mesh.twoGateways(seed: 53)
        let icon = "/org.openmobilealliance.pres-content/users/sip:alice@example.org/oma_status-icon/face"
        #expect(mesh.answer(mesh.call(XCAPClient.call("GET", icon), at: 0))?.status == 404)
        #expect(mesh.answer(mesh.call(XCAPClient.call("GET", "/unknown/global/index"), at: 0))?.status == 404)
        let capabilities = mesh.answer(mesh.call(XCAPClient.call("GET", "/xcap-caps/global/index"), at: 0))
        #expect(capabilities?.status == 401)
        let unreadable = XCAPClient.call("GET", icon, fields: [("if-match", "no tag")])
        #expect(mesh.answer(mesh.call(unreadable, at: 0))?.status == 400)
    }
}
