/// The state of a user's registration (RFC 3680 §4.7.1).
package enum RegistrationState: String, Sendable {
    /// There is no contact.
    case initial = "init"
    /// There is one at least.
    case active
    /// The last one has just gone.
    case terminated
}
