import Testing

extension EndToEndTests {
    /// Two phones of different make at two gateways find, see, message and call each other, and what passes between
    /// phones and gateways is well-formed to a third party.
    @Test(
        .enabled(if: Installed.hasAll("baresip", "linphonec"), "baresip and linphonec are not installed"),
        .timeLimit(.minutes(6)), arguments: ["udp", "tcp", "tls"])
    func baresipAndLinphoneMeetThroughTwoGateways(transport: String) async throws {
        try await Bench.run { bench in
            let overlay = try await LocalOverlay.start(on: bench)
            let capture =
                transport != "tls" && Capture.isPossible
                ? try await Capture.start(of: [overlay.sip(of: .gatewayA), overlay.sip(of: .gatewayB)], on: bench) : nil
            let alice = try Baresip(
                try overlay.account("alice", at: .gatewayA, transport: transport), name: "alice",
                buddies: ["bob@example.org"], on: bench)
            let bob = try Linphone(
                try overlay.account("bob", at: .gatewayB, transport: transport), name: "bob",
                buddies: ["alice@example.org"], on: bench)
            try await eventually("alice's phone registers") { try alice.isRegistered() }
            try await eventually("bob's phone registers") { bob.isRegistered() }
            try await seeEachOther(alice, bob)
            try await writeToEachOther(alice, bob)
            try await callEachOther(alice, bob)
            try await leaveAndComeBack(alice, bob, on: bench)
            try await capture?.expectWellFormed(atLeast: 100)
        }
    }

    private func seeEachOther(_ alice: Baresip, _ bob: Linphone) async throws {
        try await eventually("alice sees bob online") { try alice.presence(of: "bob@example.org") == "Online" }
        try await eventually("bob sees alice online") { bob.presenceSeen(of: "alice@example.org").last == "Online" }
        try alice.setPresence(isOnline: false)
        try await eventually("bob sees alice leave") { bob.presenceSeen(of: "alice@example.org").last == "Offline" }
        try alice.setPresence(isOnline: true)
        try await eventually("bob sees alice return") { bob.presenceSeen(of: "alice@example.org").last == "Online" }
    }

    private func writeToEachOther(_ alice: Baresip, _ bob: Linphone) async throws {
        try alice.message("Are you there?")
        try await eventually("bob reads alice's message") {
            bob.hasReceived(message: "Are you there?", from: "alice@example.org")
        }
        bob.message("Here I am", to: "alice@example.org")
        try await eventually("alice reads bob's message") {
            alice.hasReceived(message: "Here I am", from: "bob@example.org")
        }
    }

    private func callEachOther(_ alice: Baresip, _ bob: Linphone) async throws {
        try alice.dial("bob@example.org")
        try await eventually("alice's call is answered") { alice.callsEstablished == 1 && bob.callsEstablished == 1 }
        try alice.hangUp()
        try await eventually("alice's call ends at both") { try bob.callsEnded == 1 && alice.hasNoCall() }
        bob.dial("alice@example.org")
        try await eventually("bob's call is answered") { alice.callsEstablished == 2 && bob.callsEstablished == 2 }
        bob.hangUp()
        try await eventually("bob's call ends at both") { try bob.callsEnded == 2 && alice.hasNoCall() }
    }

    /// linphonec can't be told another presence, but it takes back what it published when it quits.
    private func leaveAndComeBack(_ alice: Baresip, _ bob: Linphone, on bench: Bench) async throws {
        bob.quit()
        try await bob.program.ended()
        try await eventually("alice sees bob leave") { try alice.presence(of: "bob@example.org") != "Online" }
        let again = try Linphone(bob.account, name: "bob-again", on: bench)
        try await eventually("bob's phone registers again") { again.isRegistered() }
        try await eventually("alice sees bob return") { try alice.presence(of: "bob@example.org") == "Online" }
    }
}
