import Identity
import Primitives

/// The short-lived secrets of a node that answers: a prekey and a cookie key for each epoch.
///
/// They serve all handshakes of an epoch, so that a challenge costs nothing to make and nothing to remember. When
/// an epoch is over its secrets are erased, and what was said in its handshakes stays secret for good.
struct ResponderSecrets: Sendable {
    /// One epoch's secrets.
    struct Epoch: Sendable {
        let number: UInt8
        let prekey: AgreementKeyPair
        let begun: Instant
        private let cookieKey: SymmetricKey

        init(number: UInt8, begun: Instant, random: inout RandomSource) {
            self.number = number
            self.begun = begun
            prekey = AgreementKeyPair(random: &random)
            cookieKey = SymmetricKey(random: &random)
        }

        /// What a challenge for that address carries, and an answer from it must return.
        func cookie(for endpoint: Endpoint, echo: Echo) -> Echo {
            var writer = ByteWriter(reserving: 34)
            writer.uint64(endpoint.address.high)
            writer.uint64(endpoint.address.low)
            writer.uint16(endpoint.port)
            writer.append(echo.bytes)
            return Echo(code: cookieKey.authenticationCode(of: writer.bytes))
        }
    }

    private let lifetime: Interval
    private let answersPerEpoch: Int
    private var current: Epoch?
    private var previous: Epoch?
    private var nextNumber: UInt8 = 0
    /// Which answers of the two epochs were accepted, by their cookie, and from whom: an answer that is taken twice
    /// would deliver its frames twice.
    private var acceptedNow: [Echo: NodeID] = [:]
    private var acceptedBefore: [Echo: NodeID] = [:]

    init(limits: SessionLimits) {
        lifetime = limits.epochLifetime
        answersPerEpoch = limits.answersPerEpoch
    }

    /// When secrets are to be erased; nil when there are none.
    var deadline: Instant? {
        let first = previous.map { $0.begun + lifetime + lifetime }
        let second = current.map { $0.begun + lifetime }
        return Instant.earliest(first, second)
    }

    /// The epoch under which a challenge is made now.
    mutating func epoch(at now: Instant, random: inout RandomSource) -> Epoch {
        erase(at: now)
        if let current { return current }
        let epoch = Epoch(number: nextNumber, begun: now, random: &random)
        nextNumber &+= 1
        current = epoch
        return epoch
    }

    /// The epoch whose number an answer names, while its answers are accepted.
    func epoch(numbered number: UInt8) -> Epoch? {
        current?.number == number ? current : previous?.number == number ? previous : nil
    }

    /// Whose answer with this cookie was accepted already.
    func acceptedNode(for cookie: Echo) -> NodeID? { acceptedNow[cookie] ?? acceptedBefore[cookie] }

    /// Remembers that the answer was taken. When there were as many as may be remembered, the epochs end at once
    /// rather than that one is forgotten.
    mutating func accept(_ cookie: Echo, from node: NodeID) {
        acceptedNow[cookie] = node
        guard acceptedNow.count + acceptedBefore.count >= answersPerEpoch else { return }
        current = nil
        previous = nil
        acceptedNow = [:]
        acceptedBefore = [:]
    }

    /// Ends what has had its time. When an epoch is over the one before it has been over for good.
    mutating func erase(at now: Instant) {
        if let epoch = current, epoch.begun + lifetime <= now {
            previous = epoch
            acceptedBefore = acceptedNow
            current = nil
            acceptedNow = [:]
        }
        if let epoch = previous, epoch.begun + lifetime + lifetime <= now {
            previous = nil
            acceptedBefore = [:]
        }
    }
}
