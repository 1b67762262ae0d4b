import Primitives

/// Where others see this node: the last five voices from different address blocks, and what most of them say.
struct ReflectedEndpoints: Sendable {
    /// The endpoint that more than half of the voices name; nil when there is none.
    private(set) var endpoint: Endpoint?
    private var count: UInt8 = 0
    private var next: UInt8 = 0
    /// The address block that each voice came from.
    private var voters = InlineArray<5, UInt16>(repeating: 0)
    /// Half the fingerprint of what it named.
    private var votes = InlineArray<5, UInt32>(repeating: 0)

    /// Takes a voice in; a new one of the same block takes the place of its last.
    ///
    /// - Parameter voter: stands for the block.
    /// - Returns: whether the node has moved, by what most say: not when it learns for the first time where it is.
    mutating func add(_ named: Endpoint, from voter: UInt16) -> Bool {
        var place = Int(next)
        if let known = (0..<Int(count)).first(where: { voters[$0] == voter }) {
            place = known
        } else {
            next = (next + 1) % 5
            count = min(count + 1, 5)
        }
        voters[place] = voter
        votes[place] = Self.vote(named)
        let before = endpoint
        if isMajority(named) {
            endpoint = named
        } else if let old = endpoint, !isMajority(old) {
            endpoint = nil
        }
        return before != nil && endpoint != before
    }

    private func isMajority(_ endpoint: Endpoint) -> Bool {
        let vote = Self.vote(endpoint)
        return (0..<Int(count)).count { votes[$0] == vote } * 2 > Int(count)
    }

    private static func vote(_ endpoint: Endpoint) -> UInt32 { UInt32(truncatingIfNeeded: endpoint.fingerprint()) }
}
