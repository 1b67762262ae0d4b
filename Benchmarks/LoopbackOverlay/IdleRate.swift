/// What all nodes together use up in a second in which nobody asks them for anything.
struct IdleRate: Sendable {
    var datagrams = 0.0
    /// CPU seconds.
    var cpu = 0.0
}
