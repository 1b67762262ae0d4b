import Testing

extension EndToEndTests {
    /// Linphone watches two friends at other nodes through one subscription to a list (RFC 5367), which it sends
    /// compressed.
    @Test(
        .enabled(if: Installed.hasAll("baresip", "linphonec"), "baresip and linphonec are not installed"),
        .timeLimit(.minutes(4)), arguments: ["udp", "tcp"])
    func linphoneSeesItsFriendsThroughOneList(transport: String) async throws {
        try await Bench.run { bench in
            let overlay = try await LocalOverlay.start(on: bench)
            let alice = try Baresip(try overlay.account("alice", at: .gatewayA), name: "alice", on: bench)
            let carol = try Baresip(try overlay.account("carol", at: .nodeC), name: "carol", on: bench)
            let bob = try Linphone(
                try overlay.account("bob", at: .gatewayB, transport: transport), name: "bob",
                buddies: ["alice@example.org", "carol@example.org"], listServer: "sip:friends@example.org", on: bench)
            for (user, phone) in [("alice", alice), ("carol", carol)] {
                try await eventually("bob sees \(user) online") {
                    bob.presenceSeen(of: "\(user)@example.org").last == "Online"
                }
                try phone.setPresence(isOnline: false)
                try await eventually("bob sees \(user) leave") {
                    bob.presenceSeen(of: "\(user)@example.org").last == "Offline"
                }
            }
            let subscriptions = try await overlay.ask(.gatewayB, "subscriptions", "list", "bob@example.org") ?? ""
            guard subscriptions.contains("presence to friends@example.org (list of 2)") else {
                throw NeverHappened("bob has no subscription to a list:\n\(subscriptions)")
            }
        }
    }
}
