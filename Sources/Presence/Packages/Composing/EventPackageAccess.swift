/// Who may subscribe to an event package.
package enum EventPackageAccess: Sendable {
    /// The user itself, and whom its presence authorization rules allow.
    case rules
    /// The user itself alone.
    case owner
}
