import Testing

extension EndToEndTests {
    /// A phone that keeps a flow to each of two gateways (RFC 5626) is one phone: it rings once, and it still rings when
    /// one of them has died, without having registered anew.
    @Test(
        .enabled(if: Installed.hasAll("baresip"), "baresip is not installed"), .timeLimit(.minutes(6)),
        arguments: ["udp", "tcp"])
    func aPhoneWithTwoFlowsOutlivesAGateway(transport: String) async throws {
        try await Bench.run { bench in
            let overlay = try await LocalOverlay.start(on: bench)
            let carol = try Baresip(
                try overlay.account("carol", at: .nodeC), name: "carol", buddies: ["alice@example.org"], on: bench)
            let alice = try Baresip(
                try overlay.account("alice", at: .gatewayA, transport: transport), name: "alice",
                second: try overlay.account("alice", at: .gatewayB, transport: transport), on: bench)
            try await eventually("carol's phone registers at her own node") { try carol.isRegistered() }
            try await eventually("both of alice's flows are found") {
                let report = try await overlay.ask(.nodeC, "lookup", "alice@example.org") ?? ""
                return report.matches(of: #/registered +at node/#).count >= 2
            }

            try carol.dial("alice@example.org")
            try await eventually("alice's phone answers") { carol.callsEstablished == 1 && alice.callsEstablished >= 1 }
            try carol.hangUp()
            try await eventually("the call ends at both") { try carol.hasNoCall() && alice.hasNoCall() }
            #expect(alice.callsEstablished == 1)

            try overlay.kill(.gatewayA)
            try carol.dial("alice@example.org")
            try await eventually("alice's phone answers by the other flow", within: .seconds(60)) {
                carol.callsEstablished == 2 && alice.callsEstablished == 2
            }
            try alice.hangUp()
            try await eventually("this call ends at both") { try carol.hasNoCall() && alice.hasNoCall() }
        }
    }
}
