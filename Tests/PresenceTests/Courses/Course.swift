import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing

/// Two presentities, their rules and everybody who watches them, driven at random; each NOTIFY is held against what the
/// model says that its watcher may know at that moment.
struct Course {
    static let alice = AgentDriver.alice
    static let carol = AddressOfRecord("carol@example.org")!
    static let watchers = ["bob@example.org", "dave@example.org", "erin@example.net"].map { AddressOfRecord($0)! }

    /// A NOTIFY that has not been answered.
    struct Open {
        var sent: AgentDriver.Sent
        var isLost: Bool
    }

    var driver: AgentDriver
    var random: RandomSource
    var presentities: [AddressOfRecord: PresentityModel]
    var subscriptions: [String: CourseWatcher] = [:]
    var open: [Open] = []
    var names = 0
    /// Whether NOTIFYs get lost.
    var isLossy = true
    /// How many were looked at.
    var checked = 0

    init(seed: UInt64) {
        driver = AgentDriver(seed: seed)
        random = RandomSource(seed: seed &* 7919 &+ 1)
        presentities = Dictionary(
            uniqueKeysWithValues: [Self.alice, Self.carol].map { ($0, PresentityModel(user: $0)) })
    }

    mutating func draw(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    mutating func pick<T>(_ choices: [T]) -> T { choices[draw(choices.count)] }

    // MARK: What is told

    /// What a subscription is to be told of a presentity now.
    func expected(_ watcher: CourseWatcher, _ presentity: AddressOfRecord) -> CourseWatcher.View {
        guard !watcher.rejected.contains(presentity) else { return CourseWatcher.View(state: "rejected") }
        let model = presentities[presentity]!
        let shown = watcher.filtered(model.shown(to: watcher.user))
        return CourseWatcher.View(state: shown == nil ? "pending" : "active", facts: shown)
    }

    /// Whom rules turn away is not watched any more, by members of lists until the list is subscribed to again.
    mutating func noteRejections() {
        for (call, watcher) in subscriptions where !watcher.isOver {
            for (user, model) in presentities where model.handling(of: watcher.user) == .block {
                if watcher.kind == .list {
                    subscriptions[call]!.rejected.insert(user)
                } else if watcher.presentity == user {
                    subscriptions[call]!.end("rejected")
                }
            }
        }
    }

    /// Takes what the last event led to.
    mutating func collect() throws {
        noteRejections()
        for sent in driver.sent { try take(sent) }
        driver.actions = []
    }

    private mutating func take(_ sent: AgentDriver.Sent) throws {
        let call = try sent.message.callID
        var watcher = try #require(subscriptions[call])
        let sequence = try sent.message.cseq.number
        #expect(sequence > watcher.lastSequence, "CSeq numbers rise")
        watcher.lastSequence = sequence
        #expect(!open.contains { (try? $0.sent.message.callID) == call }, "one NOTIFY at a time")
        let state = try #require(try sent.message.subscriptionState)
        let isLost = isLossy && draw(8) == 0
        open.append(Open(sent: sent, isLost: isLost))
        checked += 1
        watcher.lastNamed = watcher.kind == .list ? [] : [watcher.presentity]
        if isLost {
            watcher.hasGap = true
        } else {
            try watcher.take(sent.message, state)
            if !sent.message.body.isEmpty || state.state != .terminated { check(watcher, state) }
        }
        if state.state == .terminated {
            #expect(watcher.lastReason == state.reason, "\(call)")
            watcher.lastReason = nil
        }
        subscriptions[call] = watcher
    }

    /// What a watcher knows after a NOTIFY is what it is to know.
    private func check(_ watcher: CourseWatcher, _ state: SubscriptionState) {
        for presentity in watcher.lastNamed {
            guard let view = watcher.views[presentity] else { continue }
            var wanted = expected(watcher, presentity)
            // A list that ends without the state says of its members that they do as well.
            if state.state == .terminated { wanted.state = view.state }
            if let facts = view.facts {
                #expect(
                    facts == wanted.facts || !isShown(watcher, presentity),
                    "\(watcher.call), \(watcher.kind), \(state), of \(presentity)")
            }
            if state.state != .terminated { #expect(view.state == wanted.state, "\(watcher.call)") }
        }
    }

    /// Whether anything is shown to a watcher at all: what was shown before stays with who saw it.
    private func isShown(_ watcher: CourseWatcher, _ presentity: AddressOfRecord) -> Bool {
        expected(watcher, presentity).facts != nil
    }

    // MARK: Time

    /// Lets time pass, from one thing that is due to the next.
    mutating func wait(_ interval: Interval) throws {
        let end = driver.now + interval
        while driver.now < end {
            driver.now = min(end, max(driver.now, driver.agent.nextDeadline ?? end))
            for user in presentities.keys { presentities[user]!.expire(at: driver.now) }
            driver.handle(.wake)
            for (call, watcher) in subscriptions where watcher.expires <= driver.now {
                subscriptions[call]!.end("timeout")
            }
            try collect()
        }
    }

    /// Lets everything be told, and holds what everybody knows against what they are to know.
    mutating func settle() throws {
        let wasLossy = isLossy
        isLossy = false
        defer { isLossy = wasLossy }
        // Until nothing has happened for longer than any maximum rate holds news back.
        var quiet = 0
        var round = 0
        while round < 45 || quiet < 3 {
            while !open.isEmpty {
                let next = open.removeFirst()
                try answer(next)
            }
            let count = presentities.values.reduce(0) { $0 + $1.publications.count }
            try wait(.seconds(5))
            quiet = presentities.values.reduce(0) { $0 + $1.publications.count } == count ? quiet + 1 : 0
            round += 1
        }
        for watcher in subscriptions.values {
            #expect(watcher.lastReason == nil, "\(watcher.call) is told that it is over")
            guard !watcher.isOver else { continue }
            let about = watcher.kind == .list ? [Self.alice, Self.carol] : [watcher.presentity]
            for presentity in about {
                let wanted = expected(watcher, presentity)
                #expect(watcher.views[presentity]?.state == wanted.state, "\(watcher.call) of \(presentity)")
                guard let facts = wanted.facts else { continue }
                #expect(watcher.views[presentity]?.facts == facts, "\(watcher.call) of \(presentity)")
            }
        }
    }

    /// Answers a NOTIFY as what became of it demands.
    mutating func answer(_ next: Open) throws {
        let call = try next.sent.message.callID
        driver.actions = []
        guard next.isLost else {
            driver.answer(next.sent)
            return try collect()
        }
        // Who never answers is given up, and who is to be told of an end is not told again.
        if draw(3) > 0 {
            if subscriptions[call]!.isOver { subscriptions[call]!.lastReason = nil }
            driver.answer(next.sent, 503)
        } else {
            subscriptions[call]!.isOver = true
            subscriptions[call]!.lastReason = nil
            driver.handle(.requestFailed(next.sent.token, status: 408))
        }
        try collect()
    }
}
