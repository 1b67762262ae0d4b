/// Names an XCAP request until it is answered. The shell counts.
package struct XCAPCallID: Hashable, Sendable {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }
}
