import NIOCore
import Primitives

/// Drives one core on one event loop: hands it events as they come, and carries out its actions burst by burst.
///
/// A burst is what a socket had waiting. Its events are handled one after the other, then all actions are carried
/// out in their order, so that one transaction and one flush serve many datagrams.
final class CoreLoop<Core: DrivenCore> {
    /// The timer looks at the clock at least this often, so that a wall clock set forward is noticed.
    private static var longestWait: Interval { .seconds(60) }

    /// Actions that wait for the end of a burst at most: one event can bring about many, as where a thousand watch.
    private static var mostWaiting: Int { 256 }

    private(set) var core: Core
    private let eventLoop: any EventLoop
    private let execute: (Core.Action) -> Void
    private let finish: () -> Void
    private var clock: SystemClock
    private var actions: [Core.Action] = []
    /// Events that actions brought about, in the middle of a burst.
    private var inbox: [Core.Event] = []
    private var isBusy = false
    private var isStopped = false
    private var timer: (task: Scheduled<Void>, deadline: Instant)?

    /// - Parameters:
    ///   - execute: carries out one action; what it writes need not leave before `finish`.
    ///   - finish: called after the last action of a burst.
    init(
        _ core: Core, on eventLoop: any EventLoop, clock: SystemClock = SystemClock(),
        execute: @escaping (Core.Action) -> Void, finish: @escaping () -> Void
    ) {
        self.core = core
        self.eventLoop = eventLoop
        self.clock = clock
        self.execute = execute
        self.finish = finish
    }

    /// Hands the core an event. Its actions wait for ``endBurst()``, unless they are many.
    func receive(_ event: Core.Event) {
        if isBusy {
            inbox.append(event)
        } else if !isStopped {
            core.handle(event, at: clock.now(), into: &actions)
            if actions.count >= Self.mostWaiting { endBurst() }
        }
    }

    /// Carries out the actions that wait, with all that follows from them, and sets the timer anew.
    func endBurst() {
        guard !isBusy, !isStopped else { return }
        isBusy = true
        repeat {
            // While it is busy, what comes in goes to the inbox: nobody adds to the actions.
            for index in actions.indices { execute(actions[index]) }
            actions.removeAll(keepingCapacity: true)
            finish()
            let events = inbox
            inbox.removeAll(keepingCapacity: true)
            for event in events where !isStopped { core.handle(event, at: clock.now(), into: &actions) }
        } while !actions.isEmpty && !isStopped
        isBusy = false
        setTimer()
    }

    /// Handles one event that stands alone.
    func handle(_ event: Core.Event) {
        receive(event)
        endBurst()
    }

    /// Nothing is handled or carried out any more.
    func stop() {
        isStopped = true
        timer?.task.cancel()
        timer = nil
    }

    private func setTimer() {
        guard !isStopped, let deadline = Self.nextDeadline(of: &core) else { return }
        // A timer that fires too early is cheaper than one set anew for every event: it just looks again.
        if let timer, timer.deadline <= deadline { return }
        timer?.task.cancel()
        let delay = min(max(Interval.zero, deadline - clock.now()), Self.longestWait)
        let task = eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.nanoseconds)) {
            [weak self] () -> Void in
            self?.timerFired()
        }
        timer = (task, deadline)
    }

    /// Asked of the core in its place: a property of a class is copied before one of its own is read, and a copy of a
    /// node, with all that it holds references to, cost a tenth of what its timers did.
    private static func nextDeadline(of core: inout Core) -> Instant? { core.nextDeadline }

    private func timerFired() {
        timer = nil
        if let deadline = Self.nextDeadline(of: &core), deadline <= clock.now() {
            handle(Core.wakeEvent)
        } else {
            setTimer()
        }
    }
}
