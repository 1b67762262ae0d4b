/// Holds up whoever comes until it is opened.
final class Gate: Sendable {
    private let reached = AsyncStream<Void>.makeStream()
    private let opened = AsyncStream<Void>.makeStream()

    /// Waits until the gate is open.
    func pass() async {
        reached.continuation.yield()
        for await _ in opened.stream {}
    }

    /// Waits until somebody waits.
    func whenReached() async { for await _ in reached.stream { return } }

    /// Lets through who waits, and all that come later.
    func open() { opened.continuation.finish() }
}
