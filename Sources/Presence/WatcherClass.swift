/// The watchers of a presentity who may see the same of it: what nodes that do not know its rules are given for them is
/// encrypted under one key.
package struct WatcherClass: Hashable, Sendable {
    /// All that decides who is in which class: another one whenever somebody may have lost a permission, the same one at
    /// every node that knows the same rules, and after a restart.
    package var basis: [UInt8]
    /// What the class may see, in a form that is equal for equal permissions; nil for a watcher who is to think that the
    /// presentity is offline.
    package var permissions: [UInt8]?

    package init(basis: [UInt8], permissions: [UInt8]?) {
        self.basis = basis
        self.permissions = permissions
    }
}
