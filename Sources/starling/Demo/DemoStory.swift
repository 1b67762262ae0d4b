import UserAgent

/// What happens to alice, bob and carol: every step waits for what it must bring about.
struct DemoStory {
    /// Told each step when it is done: its name, what it took and what was seen.
    typealias Teller = (String, Duration, String) -> Void
    /// A step, with the time by which it must be done.
    private typealias Step = (DemoStory, ContinuousClock.Instant) async throws -> String

    /// How long a step may take.
    private static let patience = Duration.seconds(15)

    let overlay: OverlayDescription
    let alice: DemoPhone
    let bob: DemoPhone
    let carol: DemoPhone
    /// When the step that is being told began.
    private(set) var began = ContinuousClock.now
    /// What it is called.
    private(set) var name = "start"

    init(_ overlay: OverlayDescription) async throws {
        self.overlay = overlay
        alice = try await .start("alice", in: overlay)
        bob = try await .start("bob", in: overlay)
        carol = try await .start("carol", in: overlay)
    }

    var phones: [DemoPhone] { [alice, bob, carol] }

    /// Tells the whole story.
    mutating func run(_ tell: Teller) async throws {
        try await step("register", tell) { try await $0.register(by: $1) }
        try await step("publish", tell) { try await $0.publish(by: $1) }
        try await step("watch each other", tell) { try await $0.watch(by: $1) }
        try await step("presence changes", tell) { try await $0.changePresence(by: $1) }
        try await step("message", tell) { try await $0.message(1, by: $1) }
        try await step("call alice to bob", tell) { story, deadline in
            try await story.call(from: story.alice, to: story.bob, 1, calleeHangsUp: false, by: deadline)
        }
        try await step("call bob to carol", tell) { story, deadline in
            try await story.call(from: story.bob, to: story.carol, 1, calleeHangsUp: true, by: deadline)
        }
        try await step("gateway A is killed", tell) { try await $0.killGatewayA(by: $1) }
        await alice.stop()
        let returned = try await DemoPhone.start("alice", in: overlay, at: "gateway-b")
        try await step("alice comes back", tell) { try await $0.comeBack(returned, by: $1) }
        try await step("message to alice", tell) { story, deadline in
            try await story.sendMessage("Welcome back.", 2, from: story.carol, to: returned, by: deadline)
            return "carol's message found alice at gateway B"
        }
        try await step("good-bye", tell) { try await $0.goodBye([returned, $0.bob, $0.carol], by: $1) }
        for phone in [returned, bob, carol] { await phone.stop() }
    }

    private mutating func step(_ name: String, _ tell: Teller, _ body: Step) async throws {
        self.name = name
        began = .now
        let seen = try await body(self, began + Self.patience)
        tell(name, .now - began, seen)
    }
}
