import Primitives
import SIPMessages

/// Servers that lately gave no answer, or said that they can't: others are tried before them. Bounded and short-lived:
/// an entry costs a server its place in a list, never its last chance.
struct FailedServers: Sendable {
    /// How long a failure is remembered when the server did not say itself.
    static let usualTime = Interval.seconds(60)
    /// RFC 3261 §21.5.4: a 503 may say by Retry-After how long to stay away; longer than this nobody does.
    static let longestTime = Interval.minutes(10)

    private struct Server: Hashable, Sendable {
        var transport: SIPTransport
        var endpoint: Endpoint
    }

    private let capacity: Int
    private var until = DeadlineQueue<Server>()

    init(capacity: Int) { self.capacity = capacity }

    mutating func add(_ address: ServerAddress, for time: Interval?, at now: Instant) {
        while until.popDue(at: now) != nil {}
        let server = Server(transport: address.transport, endpoint: address.endpoint)
        if until[server] == nil, until.count >= capacity { _ = until.popDue(at: .distantFuture) }
        until.set(server, to: now + min(max(time ?? Self.usualTime, .seconds(1)), Self.longestTime))
    }

    func contains(_ address: ServerAddress, at now: Instant) -> Bool {
        until[Server(transport: address.transport, endpoint: address.endpoint)].map { now < $0 } ?? false
    }
}
