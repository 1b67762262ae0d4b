/// Why a body is not a session description that can be answered.
package struct SessionDescriptionError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
