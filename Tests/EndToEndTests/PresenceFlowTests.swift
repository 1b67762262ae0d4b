import Testing

extension EndToEndTests {
    /// Publications, subscriptions to every package and messages to lists, each step with the answer that its RFC has
    /// for it, all at once at one gateway.
    @Test(
        .enabled(if: Installed.hasAll("baresip", "sipp"), "baresip and SIPp are not installed"),
        .timeLimit(.minutes(4)), arguments: ["udp", "tcp"])
    func everyPresenceFlowIsAnswered(transport: String) async throws {
        try await Bench.run { bench in
            let overlay = try await LocalOverlay.start(on: bench)
            let account = try overlay.account("alice", at: .gatewayA)
            let bob = try Baresip(
                try overlay.account("bob", at: .gatewayB, transport: transport), name: "bob", on: bench)
            try await eventually("bob's phone registers") { try bob.isRegistered() }
            try await eventually("bob's phone is found") {
                try await overlay.ask(.gatewayA, "lookup", "bob@example.org")?.contains("sip:bob@127.0.0.1") ?? false
            }
            let packages = ["presence", "presence.winfo", "dialog", "message-summary", "reg"]
            let flows = packages.map { ("subscribe", $0) } + [("publish", ""), ("message-list", "bob")]
            var phones: [SIPp] = []
            for (scenario, argument) in flows {
                let row = [
                    "alice", LocalOverlay.domain, SIPp.credentials(user: "alice", password: account.password), argument,
                ]
                phones.append(
                    try SIPp(
                        scenario, name: "\(scenario)-\(argument)", rows: [row], times: 1, transport: transport,
                        from: FreePorts.shared.row(), to: overlay.sip(of: .gatewayA), on: bench))
            }
            for phone in phones {
                let count = try await phone.finished()
                guard count == SIPp.Count(successful: 1, failed: 0) else {
                    let messages = SIPp.messages(of: phone.program.name, on: bench)
                    throw NeverHappened("\(phone.program.name) failed: \(count)\n\(messages)")
                }
            }
            try await eventually("bob reads what was written to the list") {
                bob.hasReceived(message: "Lunch for everybody", from: "alice@example.org")
            }
        }
    }
}
