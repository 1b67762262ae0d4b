import Kademlia
import OverlayNode
import Primitives
import SIPMessages
import Testing

/// A node behind a translator of addresses, which drops what comes from where nothing was sent lately, is called.
@Suite struct IntroductionTests {
    /// Ten nodes; the one with carol's account is hidden, and has found that out.
    private func mesh(seed: UInt64) throws -> Mesh {
        var mesh = try Mesh.twoGateways(seed: seed)
        for _ in 0..<7 { mesh.start(try mesh.add()) }
        mesh.run(for: .seconds(10))
        mesh.hide(2)
        try mesh.restart(2)
        mesh.run(for: .minutes(5))
        guard case .status(let status)? = mesh.ask(.status, at: 2), status.reachability == "client" else {
            throw Failure("the node takes itself for reachable")
        }
        return mesh
    }

    @Test(arguments: [1, 2, 3, 4])
    func aNodeThatNobodyCanReachIsReached(seed: UInt64) throws {
        var mesh = try mesh(seed: seed)
        var phones = [
            Phone("alice", port: 6001, server: 0), Phone("bob", port: 6002, server: 1),
            Phone("carol", port: 6003, server: 2),
        ]
        #expect(phones[2].register(&mesh, password: "pw-carol") == 200)
        for index in [0, 1] {
            #expect(phones[index].register(&mesh, password: "pw-\(phones[index].user)") == 200)
            // Long enough for the translator to forget everybody but those to whom carol's node keeps the way open.
            mesh.run(for: .minutes(10))
            #expect(phones[2].register(&mesh, password: "pw-carol") == 200)
            mesh.run(for: .minutes(2))
            let begin = mesh.now
            phones[index].send(
                &mesh, .message, to: phones[2].uri, password: "pw-\(phones[index].user)", body: Array("hi".utf8),
                contentType: "text/plain")
            let message = mesh.message(from: 2, toPort: 6003, within: .seconds(3), where: { $0.method == .message })
            #expect(message != nil, "nothing came from \(phones[index].user)")
            guard let message else { continue }
            mesh.receive(message.response(200, toTag: "x"), at: 2, fromPort: 6003)
            #expect(phones[index].final(&mesh)?.statusCode == 200)
            #expect(mesh.now - begin < .seconds(3))
        }
    }
}
