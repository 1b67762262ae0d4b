/// What a node knows of a resource by itself: dialogs that its proxy sees, bindings of its registrar.
struct OwnState: Sendable {
    /// By the agent's version clock.
    var version: Int64
    var state: any Sendable
}
