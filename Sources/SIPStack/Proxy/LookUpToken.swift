/// The name of a question for a user's contacts, which its answer repeats.
package struct LookUpToken: Hashable, Comparable, Sendable {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }

    package static func < (a: LookUpToken, b: LookUpToken) -> Bool { a.number < b.number }
}
