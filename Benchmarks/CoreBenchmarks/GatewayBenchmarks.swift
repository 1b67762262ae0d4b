import Benchmark
import OverlayNode
import Primitives
import SIPMessages

/// Whole nodes in one process: what a change costs from the publisher's phone at one gateway to the watcher's phone
/// at the other, with digest, encrypted sessions and the record that is signed and stored on the way.
@MainActor let gatewayBenchmarks = BenchmarkSuite(name: "gateways") { suite in
    var bench = try! WatchedAlice()
    suite.benchmark("PUBLISH with digest at A, NOTIFY at B") { bench.publish() }
}

/// Alice publishes at gateway A, and bob watches her at gateway B.
private struct WatchedAlice {
    private var mesh: Mesh
    private var alice = Phone("alice", port: 6001, server: 0)
    private var bob = Phone("bob", port: 6002, server: 1)
    private var count = 0
    private var entityTag: String?

    init() throws {
        mesh = try Mesh.twoGateways(seed: 1)
        guard alice.register(&mesh, password: "pw-alice") == 200, bob.register(&mesh, password: "pw-bob") == 200 else {
            throw Failure("the phones could not register")
        }
        let answer = bob.perform(
            &mesh, .subscribe, to: alice.uri, password: "pw-bob",
            headers: [(.event, "presence"), (.expires, "86400"), (.contact, bob.contact)])
        guard answer?.statusCode == 200 else { throw Failure("bob could not subscribe") }
        for _ in 0..<3 { publish() }
    }

    /// Publishes another note and waits until the watcher's phone has it.
    mutating func publish() {
        count += 1
        let note = "note \(count)."
        var headers: [(HeaderName, String)] = [(.event, "presence"), (.expires, "3600")]
        if let entityTag { headers.append((.sipIfMatch, entityTag)) }
        let answer = alice.perform(
            &mesh, .publish, to: alice.uri, password: "pw-alice", headers: headers,
            body: Phone.presence("alice", "open", note: note, tuple: "t"), contentType: "application/pidf+xml")
        precondition(answer?.statusCode == 200, "the PUBLISH was refused")
        entityTag = answer?.value(.sipETag)?.string
        while true {
            guard let notify = mesh.message(from: 1, toPort: bob.port, where: { $0.method == .notify }) else {
                preconditionFailure("the NOTIFY did not come")
            }
            mesh.receive(notify.response(200), at: 1, fromPort: bob.port)
            if String(decoding: notify.body, as: UTF8.self).contains(note) { return }
        }
    }
}
