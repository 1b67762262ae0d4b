import Testing

extension EndToEndTests {
    /// Two domains that share no overlay find each other through a real name server: one user calls the other, either of
    /// them ends the call, and a message goes each way. The first server that the DNS names is not there.
    @Test(
        .enabled(
            if: Installed.hasAll("baresip", "dnsmasq"), "baresip or dnsmasq is not installed"),
        .timeLimit(.minutes(6)), arguments: ["udp", "tcp", "tls"])
    func twoDomainsCallEachOther(transport: String) async throws {
        try await Bench.run { bench in
            let one = try await BorderGateway("one.example", user: "alice", on: bench)
            let two = try await BorderGateway("two.example", user: "bob", on: bench)
            let names = try await NameServer.start(
                [one, two].flatMap { gateway in
                    // What is sent to a port where nobody listens is refused only by connections.
                    let port = transport == "tls" ? gateway.port + 1 : gateway.port
                    let ports = transport == "udp" ? [port] : [FreePorts.shared.row(), port]
                    return NameServer.records(of: gateway.domain, transport: transport, ports: ports)
                }, on: bench)
            var arguments = ["--dns", names.address]
            if transport == "tls" {
                // Each believes the other's certificate.
                let certificates = try await one.certificate() + two.certificate()
                arguments += ["--sip-trust", try bench.write(certificates, to: "trusted.pem").path]
            }
            let first = try await one.run(["--border", two.domain] + arguments)
            let second = try await two.run(["--border", "any"] + arguments)
            let alice = try one.phone("alice", buddies: ["bob@two.example"])
            let bob = try two.phone("bob", buddies: ["alice@one.example"])
            try await eventually("both phones register") { try alice.isRegistered() && bob.isRegistered() }

            try alice.dial("bob@two.example")
            try await eventually("alice reaches bob") { alice.callsEstablished == 1 && bob.callsEstablished == 1 }
            #expect(names.wasAsked("NAPTR", "two.example"))
            try bob.hangUp()
            try await eventually("bob ends the call at both") { try alice.hasNoCall() && bob.hasNoCall() }

            try bob.dial("alice@one.example")
            try await eventually("bob reaches alice") { alice.callsEstablished == 2 && bob.callsEstablished == 2 }
            try bob.hangUp()
            try await eventually("bob ends his own call") { try alice.hasNoCall() && bob.hasNoCall() }

            try alice.message("hello over there")
            try await eventually("bob reads alice's message") {
                bob.hasReceived(message: "hello over there", from: "alice@one.example")
            }
            try bob.message("hello back")
            try await eventually("alice reads bob's message") {
                alice.hasReceived(message: "hello back", from: "bob@two.example")
            }
            #expect(first.ending == nil && second.ending == nil)
        }
    }

    /// Without the option nothing outside is asked or called.
    @Test(
        .enabled(if: Installed.hasAll("baresip"), "baresip is not installed"), .timeLimit(.minutes(3)))
    func theBorderIsClosedUnlessItIsOpened() async throws {
        try await Bench.run { bench in
            let one = try await BorderGateway("one.example", user: "alice", on: bench)
            _ = try await one.run([])
            let alice = try one.phone("alice")
            try await eventually("the phone registers") { try alice.isRegistered() }
            try alice.dial("bob@two.example")
            try await eventually("the call is refused") { alice.screen.contains("480 ") }
        }
    }
}
