/// A presentity's state as a watcher at this node would see it.
package struct PresenceReport: Codable, Hashable, Sendable {
    package var addressOfRecord: String
    /// The state is open when at least one tuple is (RFC 3863 §4.1.4).
    package var isOpen: Bool
    package var notes: [String]
    /// The composed PIDF document.
    package var document: String
}
