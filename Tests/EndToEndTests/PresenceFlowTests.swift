import Testing

/// The flows of a presence service, each as a phone sees it.
extension EndToEndTests {
    private static let subscription = ["Event: presence", "Expires: 600"]
    private static let policy = "application/auth-policy+xml"

    /// RFC 3903 §6 and RFC 6665 §4.1, step by step.
    @Test(
        .enabled(if: Installed.hasAll("sipp"), "sipp is not installed"), .timeLimit(.minutes(5)),
        arguments: ["udp", "tcp"])
    func everyStepOfPublishingAndSubscribing(transport: String) async throws {
        try await Bench.run { bench in
            let gateway = try await LoneGateway.start(on: bench, users: ["alice"])
            let publishing = try SIPp(
                "publish", name: "publish", rows: [gateway.row("alice")], times: 1, transport: transport,
                from: FreePorts.shared.row(), to: gateway.sip, on: bench)
            try await publishing.succeeds(on: bench)
            for package in ["presence", "dialog", "message-summary", "reg", "presence.winfo"] {
                let subscribing = try SIPp(
                    "subscribe", name: "subscribe-\(package)", rows: [gateway.row("alice") + [package]], times: 1,
                    transport: transport, from: FreePorts.shared.row(), to: gateway.sip, on: bench)
                try await subscribing.succeeds(on: bench)
            }
        }
    }

    /// A fetch (RFC 6665 §4.4.3), a client that lost the answer to a PUBLISH and is not shown twice, and a watcher who
    /// subscribes anew in place of a subscription that they forgot.
    @Test(.enabled(if: Installed.hasAll("sipp"), "sipp is not installed"), .timeLimit(.minutes(5)))
    func fetchedLostAndReplaced() async throws {
        try await Bench.run { bench in
            let gateway = try await LoneGateway.start(on: bench, users: ["alice", "bob"])
            var alice = SIPpScript()
            let event = ["Event: presence", "Expires: 600"]
            alice.send("SUBSCRIBE", event)
            alice.awaitNotify("Subscription-State: active", lacking: "<basic>open")
            alice.send(
                "PUBLISH", event, body: SIPpScript.document("one", "open"), type: SIPpScript.presence, keeping: "first")
            alice.awaitNotify("id=.one.")
            alice.send("PUBLISH", event + ["SIP-If-Match: [$first]"])
            alice.send("PUBLISH", event + ["SIP-If-Match: [$first]"], expecting: 412)
            alice.send("PUBLISH", event, body: SIPpScript.document("two", "open"), type: SIPpScript.presence)
            alice.awaitNotify("id=.two.", lacking: "id=.one.")
            try await gateway.phone("alice", alice).succeeds(on: bench)

            var bob = SIPpScript()
            bob.send("SUBSCRIBE", about: "alice", in: "fetch", ["Event: presence", "Expires: 0"])
            bob.awaitNotify("id=.two.")
            bob.send("SUBSCRIBE", about: "alice", Self.subscription)
            bob.awaitNotify("id=.two.")
            bob.send("SUBSCRIBE", about: "alice", isAnew: true, Self.subscription)
            bob.awaitNotify("id=.two.")
            bob.send("SUBSCRIBE", about: "alice", ["Event: presence", "Expires: 0"])
            bob.awaitNotify("Subscription-State: terminated")
            try await gateway.phone("bob", bob).succeeds(on: bench)
        }
    }

    /// Whoever waits is shown to the user (RFC 3857), let in and shut out by the user's rules (RFC 5025), at once.
    @Test(
        .enabled(if: Installed.hasAll("sipp", "curl"), "sipp and curl are not installed"), .timeLimit(.minutes(5)))
    func aWatcherWaitsIsLetInAndShutOut() async throws {
        try await Bench.run { bench in
            let gateway = try await LoneGateway.start(
                on: bench, users: ["alice", "bob"], options: ["--colleagues", "confirm"])
            var owner = SIPpScript()
            owner.send(
                "PUBLISH", Self.subscription, body: SIPpScript.document("one", "open"), type: SIPpScript.presence)
            owner.send("SUBSCRIBE", ["Event: presence.winfo", "Expires: 600"])
            owner.awaitNotify("status=.pending.[^/]*>sip:bob@example.org")
            owner.awaitNotify("status=.active.[^/]*>sip:bob@example.org")
            owner.awaitNotify("status=.terminated.[^/]*>sip:bob@example.org")
            let alice = try gateway.phone("alice", owner)

            var watcher = SIPpScript()
            watcher.send("SUBSCRIBE", about: "alice", Self.subscription)
            watcher.awaitNotify("Subscription-State: pending", lacking: "<basic>")
            watcher.awaitNotify("id=.one.")
            watcher.awaitNotify("Subscription-State: terminated;reason=rejected", lacking: "<basic>")
            let bob = try gateway.phone("bob", watcher)
            for (handling, told) in [("allow", "Subscription-State: pending"), ("block", "id=\"one\"")] {
                try await eventually("what was decided before is told to bob and alice") {
                    let state = handling == "allow" ? "\"pending\"" : "\"active\""
                    return SIPp.messages(of: "bob", on: bench).contains(told)
                        && SIPp.messages(of: "alice", on: bench).contains("status=\(state)")
                }
                try await gateway.put(
                    Self.rules(handling), of: "alice", at: "pres-rules/users/USER/index", type: Self.policy)
            }
            try await bob.succeeds(on: bench)
            try await alice.succeeds(on: bench)
        }
    }

    private static func rules(_ handling: String) -> String {
        """
        <cp:ruleset xmlns="urn:ietf:params:xml:ns:pres-rules" xmlns:cp="urn:ietf:params:xml:ns:common-policy">\
        <cp:rule id="a"><cp:conditions><cp:identity><cp:one id="sip:bob@example.org"/></cp:identity></cp:conditions>\
        <cp:actions><sub-handling>\(handling)</sub-handling></cp:actions><cp:transformations>\
        <provide-services><all-services/></provide-services></cp:transformations></cp:rule></cp:ruleset>
        """
    }

    /// A gateway that lost its power goes on with publications and subscriptions, and nobody begins anew.
    @Test(.enabled(if: Installed.hasAll("sipp"), "sipp is not installed"), .timeLimit(.minutes(5)))
    func refreshesSucceedAfterAPowerCut() async throws {
        try await Bench.run { bench in
            let gateway = try await LoneGateway.start(on: bench, users: ["alice", "bob"])
            var publisher = SIPpScript()
            publisher.send("SUBSCRIBE", Self.subscription)
            publisher.awaitNotify("Subscription-State: active")
            publisher.send(
                "PUBLISH", Self.subscription, body: SIPpScript.document("one", "open"), type: SIPpScript.presence,
                keeping: "tag")
            publisher.awaitNotify("id=.one.")
            // After the restart everybody is told the state.
            publisher.awaitNotify("id=.one.")
            publisher.send("PUBLISH", Self.subscription + ["SIP-If-Match: [$tag]"], keeping: "next")
            publisher.send(
                "PUBLISH", Self.subscription + ["SIP-If-Match: [$next]"], body: SIPpScript.document("one", "closed"),
                type: SIPpScript.presence)
            publisher.awaitNotify("<basic>closed")
            let alice = try gateway.phone("alice", publisher)
            try await eventually("alice is told what she published") {
                // It went out twice, once without credentials.
                SIPp.messages(of: "alice", on: bench).ranges(of: "id=\"one\"").count > 2
            }
            var watcher = SIPpScript()
            watcher.send("SUBSCRIBE", about: "alice", Self.subscription)
            watcher.awaitNotify("<basic>open")
            watcher.awaitNotify("<basic>closed")
            watcher.send("SUBSCRIBE", about: "alice", Self.subscription)
            watcher.awaitNotify("<basic>closed")
            let bob = try gateway.phone("bob", watcher)
            try await eventually("bob is told the state") {
                SIPp.messages(of: "bob", on: bench).contains("<basic>open")
            }
            try await gateway.kill()
            try await gateway.start()
            try await alice.succeeds(on: bench)
            try await bob.succeeds(on: bench)
        }
    }

    /// A lamp goes on with a call and out with its end (RFC 4235).
    @Test(.enabled(if: Installed.hasAll("sipp"), "sipp is not installed"), .timeLimit(.minutes(5)))
    func aLampFollowsACall() async throws {
        try await Bench.run { bench in
            let gateway = try await LoneGateway.start(on: bench, users: ["alice", "bob", "carol"])
            let ports = ["alice": FreePorts.shared.row(), "carol": FreePorts.shared.row()]
            for (user, port) in ports {
                let registering = try SIPp(
                    "register", name: "register-\(user)", rows: [gateway.row(user) + ["\(port)"]], times: 1, from: port,
                    to: gateway.sip, on: bench)
                try await registering.succeeds(on: bench)
            }
            var lamp = SIPpScript()
            lamp.send("SUBSCRIBE", about: "alice", ["Event: dialog", "Expires: 600"])
            lamp.awaitNotify("<dialog-info", lacking: "confirmed")
            lamp.awaitNotify(">confirmed</state>")
            lamp.awaitNotify(">terminated</state>", lacking: ">confirmed</state>")
            lamp.send("SUBSCRIBE", about: "alice", ["Event: dialog", "Expires: 0"])
            lamp.awaitNotify("Subscription-State: terminated", lacking: ">confirmed</state>")
            let bob = try gateway.phone("bob", lamp)
            try await eventually("bob's lamp is told that nobody calls") {
                SIPp.messages(of: "bob", on: bench).contains("dialog-info")
            }
            let answering = try SIPp(
                "answer", name: "answer", times: 1, from: ports["alice"]!, to: gateway.sip, on: bench)
            let calling = try SIPp(
                "call", name: "call", rows: [gateway.row("carol") + ["alice"]], times: 1, from: ports["carol"]!,
                to: gateway.sip, on: bench)
            try await calling.succeeds(on: bench)
            try await answering.succeeds(on: bench)
            try await bob.succeeds(on: bench)
        }
    }
}
