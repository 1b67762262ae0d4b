import Presence
import Primitives
import SIPMessages
import SIPStack
import Testing

@Suite("Subscriber, agent and publisher against each other")
struct RoundTripTests {
    /// The three, with a wire between them that loses nothing.
    private struct Wire {
        var agent = AgentDriver()
        var subscriber = Subscriber(random: RandomSource(seed: 11))
        var publisher = Publisher(presentity: SIPURI(AgentDriver.alice), random: RandomSource(seed: 12))
        /// Basic status and note as the subscriber heard them.
        var heard: [String] = []
        var ended: [Subscriber.End] = []
        var requests = 0

        mutating func subscribe(_ event: Subscriber.Event) {
            var actions: [Subscriber.Action] = []
            subscriber.handle(event, at: agent.now, into: &actions)
            for action in actions {
                switch action {
                case .sendRequest(let token, let request, _):
                    for response in toAgent(request, as: AgentDriver.bob) { subscribe(.response(token, response)) }
                case .notified(_, let notification) where !notification.body.isEmpty:
                    let document = try? PresenceDocument(parsing: notification.body)
                    heard.append(document?.basic?.rawValue ?? "-")
                case .ended(_, let end, _): ended.append(end)
                case .notified, .respond, .needsCredentials: break
                }
            }
        }

        mutating func publish(_ event: Publisher.Event) {
            var actions: [Publisher.Action] = []
            publisher.handle(event, at: agent.now, into: &actions)
            for case .sendRequest(let token, let request, _) in actions {
                for response in toAgent(request, as: AgentDriver.alice) { publish(.response(token, response)) }
            }
        }

        private mutating func toAgent(_ request: SIPMessage, as user: AddressOfRecord) -> [SIPMessage] {
            requests += 1
            agent.handle(
                .request(ServerTransactionID(UInt64(requests)), request, AgentDriver.phone, authenticated: user))
            return fromAgent()
        }

        /// Carries NOTIFYs to the subscriber and its answers back; gives the agent's responses to others.
        @discardableResult
        mutating func fromAgent() -> [SIPMessage] {
            var responses: [SIPMessage] = []
            var notifies: [AgentDriver.Sent] = agent.sent
            for case .respond(_, let response) in agent.actions { responses.append(response) }
            while !notifies.isEmpty {
                let notify = notifies.removeFirst()
                let status = answer(to: notify.message)
                notifies += agent.answer(notify, status)
            }
            return responses
        }

        private mutating func answer(to notify: SIPMessage) -> Int {
            var actions: [Subscriber.Action] = []
            subscriber.handle(.request(ServerTransactionID(0), notify), at: agent.now, into: &actions)
            var status = 0
            for action in actions {
                switch action {
                case .respond(_, let response): status = response.statusCode ?? 0
                case .notified(_, let notification) where !notification.body.isEmpty:
                    let document = try? PresenceDocument(parsing: notification.body)
                    heard.append(document?.basic?.rawValue ?? "-")
                case .ended(_, let end, _): ended.append(end)
                case .notified, .sendRequest, .needsCredentials: break
                }
            }
            return status
        }

        mutating func advance(_ interval: Interval) {
            let end = agent.now + interval
            while agent.now < end {
                let deadlines = [subscriber.nextDeadline, publisher.nextDeadline, agent.agent.nextDeadline, end]
                agent.now = max(agent.now, deadlines.compactMap { $0 }.min()!)
                agent.handle(.wake)
                fromAgent()
                subscribe(.wake)
                publish(.wake)
            }
        }
    }

    private func document(_ basic: String) -> [UInt8] { Array(PresenceFixtures.document(tuple("t", basic)).utf8) }

    private func target() -> SubscriptionTarget {
        SubscriptionTarget(
            resource: SIPURI(AgentDriver.alice), watcher: SIPURI(AgentDriver.bob),
            contact: SIPURI("sip:bob@198.51.100.7:5062")!)
    }

    @Test("Subscription and publication live for a day, and every change is heard once")
    func day() {
        var wire = Wire()
        wire.subscribe(.subscribe(1, target()))
        var expected = ["closed"]
        for hour in 0..<24 {
            let basic = hour % 2 == 0 ? "open" : "closed"
            wire.publish(.publish(document(basic)))
            expected.append(basic)
            #expect(wire.heard.last == basic)
            wire.advance(.hours(1))
            #expect(wire.agent.agent.subscriptionCount == 1)
            #expect(wire.agent.agent.publicationCount == 1)
        }
        // Refreshes repeat the state; nothing else does.
        var changes: [String] = []
        for state in wire.heard where state != changes.last { changes.append(state) }
        #expect(changes == expected)
        #expect(wire.ended.isEmpty)
        wire.publish(.remove)
        #expect(wire.heard.last == "closed")
        wire.subscribe(.unsubscribe(1))
        #expect(wire.ended == [.done])
        #expect(wire.agent.agent.subscriptionCount == 0)
        #expect(wire.agent.agent.publicationCount == 0)
        #expect(wire.subscriber.nextDeadline == nil)
        #expect(wire.publisher.nextDeadline == nil)
        #expect(wire.agent.agent.nextDeadline == nil)
    }

    @Test("An agent that was killed goes on, journal or not")
    func killed() {
        for keepsJournal in [true, false] {
            var wire = Wire()
            wire.subscribe(.subscribe(1, target()))
            wire.publish(.publish(document("open")))
            if !keepsJournal { wire.agent.journal = [:] }
            wire.agent.restart()
            wire.advance(.hours(2))
            // Without the journal a refresh finds nobody (481, 412), and both begin anew.
            #expect(wire.ended.isEmpty == keepsJournal)
            #expect(wire.agent.agent.subscriptionCount == 1)
            #expect(wire.agent.agent.publicationCount == 1)
            #expect(wire.heard.last == "open")
        }
    }
}
