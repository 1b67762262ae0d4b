import Primitives

/// What a node knows of its own reachability, and how far it is in finding out.
///
/// Between two askings it remembers nothing of the traffic. Five minutes before it asks it begins to note whom it
/// speaks to (``spoken``); who comes to it after that without having been spoken to proves that it can be reached.
struct ReachabilityState: Sendable {
    /// How an asking ended that brought no proof.
    enum Verdict: Sendable {
        /// A stranger was to call, and did not.
        case silence
        /// Nobody knows a third node.
        case nobody
        /// Those who were to call had all been spoken to.
        case onlyAcquaintances
        /// Those who were asked did not answer, or were busy.
        case unanswered
    }

    var standing: Reachability
    private(set) var isAsking = false
    /// Askings in a row that ended in silence.
    private(set) var silences: UInt8 = 0
    /// Askings in a row that decided nothing.
    private(set) var undecided: UInt8 = 0
    /// Requests of this asking that were not answered yet.
    private var open: UInt8 = 0
    private var wasNobodyKnown = false
    private var wasAcquaintanceNamed = false
    private var size = SpokenTo.sizes.lowerBound
    /// Strangers who are to call: half the key of each, 0 for none.
    private var awaited = InlineArray<3, UInt32>(repeating: 0)
    /// Seconds since 1970; 0 before anybody was heard.
    private var heardAt: UInt32 = 0
    private(set) var spoken: SpokenTo?

    /// Nodes that are asked at once, at most.
    static let mostAsked = 3
    /// After so many silences in a row a node is a client.
    static let mostSilences = 3
    /// After so many askings that met acquaintances only it is no use to go on: the node speaks with everybody there is.
    static let mostUndecided = 3

    init(_ standing: Reachability) { self.standing = standing }

    /// Whether nothing is known yet, because no asking has ended.
    var isUntried: Bool { standing == .unproven && silences == 0 && undecided == 0 }

    // MARK: Whom the node speaks to

    mutating func record(from start: Instant) { spoken = SpokenTo(size: size, since: start) }

    mutating func stopRecording() {
        if let spoken, spoken.isCrowded { size = min(size + 1, SpokenTo.sizes.upperBound) }
        spoken = nil
    }

    /// Something was sent there.
    mutating func spoke(to key: UInt64) {
        guard spoken != nil else { return }
        spoken!.insert(key)
        meets(key)
    }

    /// Whether a request from there shows that strangers come through.
    func isProof(_ key: UInt64, at now: Instant) -> Bool {
        guard let spoken, spoken.isComplete(at: now) else { return false }
        return !spoken.contains(key)
    }

    /// How long nobody had been heard when somebody was.
    mutating func heard(at now: Instant) -> Interval {
        let second = UInt32(truncatingIfNeeded: now.secondsSince1970)
        defer { heardAt = second }
        return heardAt == 0 ? .zero : .seconds(Int(second &- heardAt))
    }

    // MARK: Askings

    mutating func beginAsking(_ requests: Int) {
        isAsking = true
        open = UInt8(requests)
        wasNobodyKnown = false
        wasAcquaintanceNamed = false
        awaited = InlineArray(repeating: 0)
    }

    /// An asked node will have this one call.
    mutating func willCall(_ key: UInt64) {
        if spoken?.contains(key) ?? true {
            wasAcquaintanceNamed = true
        } else if let place = awaited.indices.first(where: { awaited[$0] == 0 }) {
            awaited[place] = Self.half(key)
        }
    }

    mutating func answeredNobody() { wasNobodyKnown = true }

    /// One request of the asking has been answered, or will not be.
    ///
    /// - Returns: whether that was the last, and there is nobody left to wait for.
    mutating func requestEnded() -> Bool {
        if open > 0 { open -= 1 }
        return isSettled
    }

    /// Who was to call has been spoken to meanwhile, so that the call would prove nothing.
    mutating func meets(_ key: UInt64) {
        guard isAsking else { return }
        for place in awaited.indices where awaited[place] == Self.half(key) {
            awaited[place] = 0
            wasAcquaintanceNamed = true
        }
    }

    /// Whether nothing more can come of the asking.
    var isSettled: Bool { isAsking && open == 0 && !isSomebodyAwaited }

    private var isSomebodyAwaited: Bool { awaited.indices.contains { awaited[$0] != 0 } }

    /// The asking is over and has brought no proof.
    mutating func endAsking() -> Verdict {
        isAsking = false
        let verdict: Verdict =
            isSomebodyAwaited
            ? .silence : wasAcquaintanceNamed ? .onlyAcquaintances : wasNobodyKnown ? .nobody : .unanswered
        if verdict == .silence {
            silences = min(silences + 1, 100)
        } else {
            undecided = min(undecided + 1, 100)
        }
        return verdict
    }

    /// A node that can be reached begins to count anew.
    mutating func proven() {
        isAsking = false
        silences = 0
        undecided = 0
    }

    private static func half(_ key: UInt64) -> UInt32 { max(UInt32(truncatingIfNeeded: key >> 32), 1) }
}
