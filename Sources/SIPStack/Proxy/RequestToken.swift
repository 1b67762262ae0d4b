/// The name that a user of ``SIPServer`` gives to a request of its own, to recognise the responses.
package struct RequestToken: Hashable, Comparable, Sendable {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }

    package static func < (a: RequestToken, b: RequestToken) -> Bool { a.number < b.number }
}
