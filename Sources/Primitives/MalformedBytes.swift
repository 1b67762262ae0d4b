/// Bytes from outside that are not what they should be.
package struct MalformedBytes: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was being read and what is wrong with it, for a log.
    package let reason: String

    package init(_ reason: String) { self.reason = reason }

    package var description: String { reason }
}
