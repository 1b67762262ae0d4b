import Primitives

/// A user agent's registration at its registrar (RFC 3261 §10.2).
struct Registration: Sendable {
    /// RFC 3261 §10.2: the same for all registrations of a user agent.
    let callID: String
    /// The CSeq number of the last REGISTER.
    var sequence: UInt32 = 0
    /// How long is asked for, in seconds; grows when the registrar wants more (423).
    var expires: Int
    /// Whether the user wants to be registered.
    var isWanted = false
    /// Whether the registrar holds a binding, as far as is known.
    var isHeld = false
    /// What the REGISTER asked for that waits for its answer; nil when none waits.
    var underWay: Bool?
    /// Attempts that failed since the last that did not.
    var failures = 0
    /// RFC 3608: the routes that requests take, as the registrar named them.
    var serviceRoutes: [String] = []
}
