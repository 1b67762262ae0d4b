import Primitives

/// Who may reach a node behind an address translator: those to which it has sent something lately.
struct OpenedPaths: Sendable {
    private struct Path: Sendable {
        var peer: UInt32
        var openUntil: UInt64
    }

    private var paths: [Path] = []

    /// What home routers keep a UDP mapping for at least (RFC 4787 §4.3 asks for two minutes, many give less).
    static let lasts = Interval.seconds(60)
    private static let mostPaths = 512

    mutating func open(to peer: UInt32, at now: Instant) {
        let until = (now + Self.lasts).nanoseconds
        if let index = paths.firstIndex(where: { $0.peer == peer }) {
            paths[index].openUntil = until
            return
        }
        if paths.count >= Self.mostPaths { paths.removeAll { $0.openUntil <= now.nanoseconds } }
        if paths.count >= Self.mostPaths { paths.removeFirst() }
        paths.append(Path(peer: peer, openUntil: until))
    }

    func isOpen(to peer: UInt32, at now: Instant) -> Bool {
        paths.contains { $0.peer == peer && $0.openUntil > now.nanoseconds }
    }
}
