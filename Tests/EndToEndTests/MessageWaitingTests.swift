import Testing

extension EndToEndTests {
    /// A mailbox publishes that messages wait (RFC 3842), and the user's phone says so.
    @Test(
        .enabled(if: Installed.hasAll("baresip", "sipp"), "baresip and SIPp are not installed"),
        .timeLimit(.minutes(4)))
    func baresipTellsOfWaitingMessages() async throws {
        try await Bench.run { bench in
            let overlay = try await LocalOverlay.start(on: bench)
            let account = try overlay.account("alice", at: .gatewayA)
            let alice = try Baresip(account, name: "alice", asksForMessages: true, on: bench)
            try await eventually("alice's phone registers") { try alice.isRegistered() }
            let row = ["alice", LocalOverlay.domain, SIPp.credentials(user: "alice", password: account.password)]
            let mailbox = try SIPp(
                "message-summary", name: "mailbox", rows: [row], times: 1, from: FreePorts.shared.row(),
                to: overlay.sip(of: .gatewayA), on: bench)
            let count = try await mailbox.finished()
            guard count == SIPp.Count(successful: 1, failed: 0) else {
                throw NeverHappened("not published: \(count)\n\(SIPp.messages(of: "mailbox", on: bench))")
            }
            try await eventually("alice's phone tells of the messages") {
                alice.screen.contains("Voice-Message: 2/8")
            }
        }
    }
}
