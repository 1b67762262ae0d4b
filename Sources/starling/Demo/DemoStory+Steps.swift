import Glibc
import Primitives
import SIPMessages
import UserAgent

/// The steps, one function each; they give back what was seen.
extension DemoStory {
    func register(by deadline: ContinuousClock.Instant) async throws -> String {
        for phone in phones { phone.tell(.register) }
        for phone in phones { try await Self.awaitRegistration(of: phone, by: deadline) }
        return "alice at gateway A, bob at gateway B, carol at node C, each with a password over UDP"
    }

    private static func awaitRegistration(of phone: DemoPhone, by deadline: ContinuousClock.Instant) async throws {
        let isRefused = { (report: UserAgent.Action) in
            if case .registrationFailed(_, _, retry: nil) = report { true } else { false }
        }
        try await phone.expect("registers at \(phone.server)", by: deadline, unless: isRefused) {
            if case .registered = $0 { true } else { nil }
        }
    }

    func publish(by deadline: ContinuousClock.Instant) async throws -> String {
        for phone in phones { phone.tell(.publish(OwnPresence(isOpen: true, note: Self.greeting(of: phone)))) }
        for phone in phones { try await Self.awaitPublication(of: phone, by: deadline) }
        return "each published a presence document"
    }

    private static func greeting(of phone: DemoPhone) -> String { "\(phone.name) is here" }

    private static func awaitPublication(of phone: DemoPhone, by deadline: ContinuousClock.Instant) async throws {
        let isRefused = { (report: UserAgent.Action) in
            if case .publicationFailed(_, _, retry: nil) = report { true } else { false }
        }
        try await phone.expect("publishes", by: deadline, unless: isRefused) {
            if case .published = $0 { true } else { nil }
        }
    }

    func watch(by deadline: ContinuousClock.Instant) async throws -> String {
        for watcher in phones {
            for other in phones where other !== watcher { watcher.tell(.watch(other.account)) }
        }
        for watcher in phones {
            for other in phones where other !== watcher {
                try await Self.awaitSight(of: other, noted: Self.greeting(of: other), by: watcher, deadline)
            }
        }
        return "each sees what the two others published, across gateways and the plain node"
    }

    /// Waits until `watcher` sees somebody open with these words.
    private static func awaitSight(
        of other: DemoPhone, noted words: String, by watcher: DemoPhone, _ deadline: ContinuousClock.Instant
    ) async throws {
        try await watcher.expect("sees \(other.name) open with \"\(words)\"", by: deadline) { report -> Bool? in
            guard case .presenceOf(other.account, _, isOpen: true, note: words) = report else { return nil }
            return true
        }
    }

    func changePresence(by deadline: ContinuousClock.Instant) async throws -> String {
        let words = "alice is in a meeting"
        alice.tell(.publish(OwnPresence(isOpen: true, note: words, activity: .meeting)))
        try await Self.awaitSight(of: alice, noted: words, by: bob, deadline)
        let atBob = ContinuousClock.now - began
        try await Self.awaitSight(of: alice, noted: words, by: carol, deadline)
        let atCarol = ContinuousClock.now - began
        return "a change at gateway A reached bob at gateway B in \(Milliseconds(atBob)) ms "
            + "and carol at the plain node in \(Milliseconds(atCarol)) ms"
    }

    func message(_ number: UInt64, by deadline: ContinuousClock.Instant) async throws -> String {
        try await sendMessage("Lunch at one?", number, from: alice, to: bob, by: deadline)
        return "alice's message from gateway A reached bob at gateway B, and she knows"
    }

    func sendMessage(
        _ text: String, _ number: UInt64, from sender: DemoPhone, to receiver: DemoPhone,
        by deadline: ContinuousClock.Instant
    ) async throws {
        sender.tell(.sendMessage(number, to: SIPURI(receiver.account), text: text))
        let isRefused = { (report: UserAgent.Action) in
            if case .messageFailed(number, _, _) = report { true } else { false }
        }
        try await sender.expect("delivers a message to \(receiver.name)", by: deadline, unless: isRefused) {
            if case .messageDelivered(number) = $0 { true } else { nil }
        }
        try await receiver.expect("is told \"\(text)\" by \(sender.name)", by: deadline) { report -> Bool? in
            guard case .messageReceived(let from, text) = report else { return nil }
            return from.uri.addressOfRecord == sender.account ? true : nil
        }
    }

    /// A call from its set-up to its end.
    func call(
        from caller: DemoPhone, to callee: DemoPhone, _ number: UInt64, calleeHangsUp: Bool,
        by deadline: ContinuousClock.Instant
    ) async throws -> String {
        let placed = CallNumber.placed(number)
        caller.tell(.call(placed, to: SIPURI(callee.account)))
        let isOver = { (report: UserAgent.Action) in
            if case .callEnded(placed, _) = report { true } else { false }
        }
        try await caller.expect("hears it ring at \(callee.name)'s", by: deadline, unless: isOver) {
            if case .ringing(placed) = $0 { true } else { nil }
        }
        let rang = ContinuousClock.now - began
        let received = try await callee.expect("is called by \(caller.name)", by: deadline) { report -> CallNumber? in
            guard case .incomingCall(let number, let from) = report else { return nil }
            return from.uri.addressOfRecord == caller.account ? number : nil
        }
        callee.tell(.answer(received))
        for (phone, number) in [(caller, placed), (callee, received)] {
            try await phone.expect("is in the call", by: deadline, unless: isOver) { report -> Bool? in
                guard case .callAnswered(number, _?) = report else { return nil }
                return true
            }
        }
        if calleeHangsUp { callee.tell(.end(received)) } else { caller.tell(.end(placed)) }
        let (first, second) = calleeHangsUp ? (CallEnd.endedThere, CallEnd.endedHere) : (.endedHere, .endedThere)
        for (phone, number, end) in [(caller, placed, first), (callee, received, second)] {
            try await phone.expect("sees the call end (\(end))", by: deadline) { report -> Bool? in
                guard case .callEnded(number, end) = report else { return nil }
                return true
            }
        }
        let who = calleeHangsUp ? callee.name : caller.name
        return "it rang after \(Milliseconds(rang)) ms, \(callee.name) answered, \(who) hung up"
    }

    func killGatewayA(by deadline: ContinuousClock.Instant) async throws -> String {
        let node = try overlay.node("gateway-a")
        let process = OverlayProcess(node.pid)
        guard process.isStarling else {
            throw DemoFailure(
                expected: "process \(node.pid) is gateway A", seen: ["another program, or none"], log: node.log)
        }
        process.kill()
        while process.isAlive {
            guard ContinuousClock.now < deadline else {
                throw DemoFailure(expected: "process \(node.pid) ends", seen: ["it is still there"], log: node.log)
            }
            // Nothing tells a program that another, which it did not start, has ended: it has to look.
            try await Task.sleep(for: .milliseconds(5))
        }
        return "process \(node.pid) was killed with SIGKILL and is gone"
    }

    func comeBack(_ phone: DemoPhone, by deadline: ContinuousClock.Instant) async throws -> String {
        phone.tell(.register)
        try await Self.awaitRegistration(of: phone, by: deadline)
        let registered = ContinuousClock.now - began
        let words = "alice is back"
        phone.tell(.publish(OwnPresence(isOpen: true, note: words)))
        try await Self.awaitPublication(of: phone, by: deadline)
        try await Self.awaitSight(of: phone, noted: words, by: bob, deadline)
        let atBob = ContinuousClock.now - began
        try await Self.awaitSight(of: phone, noted: words, by: carol, deadline)
        let atCarol = ContinuousClock.now - began
        return "registered at gateway B with the same password after \(Milliseconds(registered)) ms; "
            + "bob saw her again after \(Milliseconds(atBob)) ms, carol after \(Milliseconds(atCarol)) ms"
    }

    func goodBye(_ phones: [DemoPhone], by deadline: ContinuousClock.Instant) async throws -> String {
        for phone in phones {
            phone.tell(.unpublish)
            phone.tell(.unregister)
        }
        for phone in phones {
            try await phone.expect("takes back the publication", by: deadline) {
                if case .unpublished = $0 { true } else { nil }
            }
            try await phone.expect("unregisters", by: deadline) { if case .unregistered = $0 { true } else { nil } }
        }
        return "all took back what they had published and registered"
    }
}
