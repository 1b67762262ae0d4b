import Primitives
import SIPMessages

/// Finds the servers of domains through the DNS (RFC 3263) and remembers which of them failed, as a core: whom to ask
/// over the network is its shell's business.
package struct ServerLocator: Sendable {
    package enum Event: Sendable {
        case locate(LocationToken, ServerName)
        /// The DNS answers; to a question that nobody waits for any more as well.
        case answer(DNSQuestion, DNSAnswer)
        /// Nobody waits for the outcome any more.
        case forget(LocationToken)
        /// A server gave no answer, or a 503, perhaps with how long to stay away.
        case failed(ServerAddress, for: Interval?)
        case wake
    }

    package enum Action: Sendable {
        /// To be answered by ``Event/answer(_:_:)``.
        case query(DNSQuestion)
        /// The servers in the order in which to try them; empty when there is none.
        case located(LocationToken, [ServerAddress])
    }

    private struct Search: Sendable {
        let name: ServerName
        /// Each search keeps the order that it has once drawn.
        let random: RandomSource
        /// What it was told, so that an answer that may not be kept at all serves it still.
        var answers: [DNSQuestion: DNSAnswer] = [:]
        var waitsFor: [DNSQuestion] = []
        var questions = 0
    }

    /// Searches at one time; those beyond end without a server.
    private static let maximumSearches = 4_096
    /// NAPTR, three SRV, and both addresses of sixteen hosts.
    private static let maximumQuestions = 40
    /// How long a search may take: it is part of the time that a client waits for an answer (32 s, RFC 3261 §17.1).
    private static let patience = Interval.seconds(8)

    private let options: LocatingOptions
    private var random: RandomSource
    private var cache: DNSCache
    private var failed: FailedServers
    private var searches: [LocationToken: Search] = [:]
    /// Who waits for an answer, in the order in which they came.
    private var waiting: [DNSQuestion: [LocationToken]] = [:]
    private var deadlines = DeadlineQueue<LocationToken>()

    package init(
        options: LocatingOptions, random: RandomSource, cachedAnswers: Int = 4_096, failedServers: Int = 1_024
    ) {
        self.options = options
        self.random = random
        cache = DNSCache(capacity: cachedAnswers)
        failed = FailedServers(capacity: failedServers)
    }

    package var nextDeadline: Instant? { deadlines.earliest }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        switch event {
        case .locate(let token, let name):
            guard searches.count < Self.maximumSearches, searches[token] == nil else {
                actions.append(.located(token, []))
                break
            }
            searches[token] = Search(name: name, random: random.split())
            deadlines.set(token, to: now + Self.patience)
            advance(token, at: now, into: &actions)
        case .answer(let question, let answer):
            cache.keep(answer, to: question, at: now)
            for token in waiting.removeValue(forKey: question) ?? [] {
                searches[token]?.answers[question] = answer
                searches[token]?.waitsFor.removeAll { $0 == question }
                advance(token, at: now, into: &actions)
            }
        case .forget(let token): end(token)
        case .failed(let address, let time): failed.add(address, for: time, at: now)
        case .wake: break
        }
        while let token = deadlines.popDue(at: now) {
            end(token)
            actions.append(.located(token, []))
        }
    }

    /// Tries whether what is known is enough, and asks for what is missing.
    private mutating func advance(_ token: LocationToken, at now: Instant, into actions: inout [Action]) {
        // While an answer is on its way nothing better can come of it.
        guard let search = searches[token], search.waitsFor.isEmpty else { return }
        let outcome = ServerLocation.evaluate(search.name, options: options, random: search.random) { [cache] in
            search.answers[$0] ?? cache.answer(to: $0, at: now)
        }
        switch outcome {
        case .located(let servers):
            end(token)
            actions.append(.located(token, inOrderOfHope(servers, at: now)))
        case .needs(let questions):
            guard search.questions + questions.count <= Self.maximumQuestions else {
                end(token)
                return actions.append(.located(token, []))
            }
            searches[token]?.questions += questions.count
            searches[token]?.waitsFor = questions
            for question in questions {
                // One query serves all who want to know.
                if waiting[question] == nil { actions.append(.query(question)) }
                waiting[question, default: []].append(token)
            }
        }
    }

    /// Servers that failed lately come last.
    private func inOrderOfHope(_ servers: [ServerAddress], at now: Instant) -> [ServerAddress] {
        servers.filter { !failed.contains($0, at: now) } + servers.filter { failed.contains($0, at: now) }
    }

    private mutating func end(_ token: LocationToken) {
        deadlines.remove(token)
        guard let search = searches.removeValue(forKey: token) else { return }
        for question in search.waitsFor {
            waiting[question]?.removeAll { $0 == token }
            // The query is still out there; who asks the same before it is answered waits for that answer.
        }
    }
}
