import OverlayNode
import Primitives
import Testing

/// Whatever is lost and whoever restarts, each call is answered once, and in the end all gateways agree.
@Suite struct DocumentPropertyTests {
    @Test(arguments: Array(UInt64(70)..<76) + [129]) func everyCallIsAnsweredOnce(_ seed: UInt64) throws {
        var mesh = try Mesh.twoGateways(seed: seed)
        var random = RandomSource(seed: seed)
        var alice = XCAPClient("alice")
        var asked: [(id: XCAPCallID, gateway: Int)] = []
        var isCertain: Set<XCAPCallID> = []
        mesh.loseDatagrams(oneIn: 20)
        for _ in 0..<60 {
            let gateway = Int.random(in: 0..<2, using: &random)
            let name = "doc\(Int.random(in: 0..<3, using: &random))"
            let method = ["GET", "PUT", "PUT", "DELETE"][Int.random(in: 0..<4, using: &random)]
            let id = alice.send(
                &mesh, at: gateway, method, alice.path("resource-lists", name),
                fields: Int.random(in: 0..<3, using: &random) == 0 ? [("if-match", "*")] : [], type: XCAPClient.lists,
                body: XCAPClient.list(
                    "u\(Int.random(in: 0..<1000, using: &random))",
                    paddedTo: [0, 0, 20_000, 50_000][Int.random(in: 0..<4, using: &random)]))
            asked.append((id, gateway))
            if Int.random(in: 0..<15, using: &random) == 0 {
                // Whoever waits at a process that is killed gets no answer any more.
                isCertain.subtract(asked.filter { $0.gateway == gateway && mesh.answers[$0.id] == nil }.map(\.id))
                mesh.kill(gateway)
                mesh.run(for: .milliseconds(Int.random(in: 0..<3000, using: &random)))
                try mesh.restart(gateway)
            } else {
                isCertain.insert(id)
            }
            mesh.run(for: .milliseconds(Int.random(in: 0..<400, using: &random)))
        }
        mesh.loseDatagrams(oneIn: 0)
        mesh.run(for: .minutes(2))
        for (id, _) in asked {
            let answers = mesh.answers[id] ?? []
            #expect(isCertain.contains(id) ? answers.count == 1 : answers.count <= 1)
            // 500: while the only gateway that knows of a new version is down, the former parts may be gone.
            #expect(
                answers.allSatisfy { [200, 201, 404, 412, 500, 503].contains($0.status) }, "\(answers.map(\.status))")
        }
        // In the end both gateways have the same documents.
        for name in ["doc0", "doc1", "doc2"] {
            let seen = (0...1).map { alice.perform(&mesh, at: $0, "GET", alice.path("resource-lists", name)) }
            #expect(seen[0]?.status == seen[1]?.status)
            #expect([200, 404].contains(seen[0]?.status))
            #expect(seen[0]?.body == seen[1]?.body)
        }
    }
}
