import Testing

extension EndToEndTests {
    /// A gateway dies without a word. Its user's phone goes to the other one with the same password, and a phone behind
    /// a plain node's local proxy finds the user there.
    @Test(
        .enabled(if: Installed.hasAll("baresip"), "baresip is not installed"), .timeLimit(.minutes(6)))
    func gatewayBTakesOverWhenGatewayAIsKilled() async throws {
        try await Bench.run { bench in
            let overlay = try await LocalOverlay.start(on: bench)
            let carol = try Baresip(
                try overlay.account("carol", at: .nodeC), name: "carol", buddies: ["alice@example.org"], on: bench)
            let alice = try Baresip(try overlay.account("alice", at: .gatewayA), name: "alice", on: bench)
            try await eventually("carol's phone registers at her own node") { try carol.isRegistered() }
            try await eventually("alice's phone registers") { try alice.isRegistered() }
            try await eventually("carol sees alice") { try carol.presence(of: "alice@example.org") == "Online" }

            try overlay.kill(.gatewayA)
            await alice.program.end()
            let moved = try Baresip(
                try overlay.account("alice", at: .gatewayB), name: "alice-moved", buddies: ["carol@example.org"],
                on: bench)
            try await eventually("alice's phone registers at the other gateway") { try moved.isRegistered() }
            try moved.setPresence(isOnline: false)
            try await eventually("carol sees what alice says there", within: .seconds(120)) {
                try carol.presence(of: "alice@example.org") == "Offline"
            }
            try carol.dial("alice@example.org")
            try await eventually("alice is called there", within: .seconds(120)) {
                carol.callsEstablished == 1 && moved.callsEstablished == 1
            }
            try moved.hangUp()
            try await eventually("the call ends at both") { try carol.hasNoCall() && moved.hasNoCall() }
        }
    }
}
