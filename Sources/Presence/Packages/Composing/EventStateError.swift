/// Why a published document was turned away.
package struct EventStateError: Error, CustomStringConvertible {
    /// For people; it follows "400".
    package var description: String

    package init(_ description: String) { self.description = description }
}
