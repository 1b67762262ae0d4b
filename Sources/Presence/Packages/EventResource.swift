import Primitives

/// What a subscription or a publication is about: the state of a user under one event package.
package struct EventResource: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var user: AddressOfRecord
    package var package: EventPackage

    package init(_ user: AddressOfRecord, _ package: EventPackage = .presence) {
        self.user = user
        self.package = package
    }

    /// What is shown of it when its sources say this, the freshest first.
    func document(from states: [any Sendable]) -> [UInt8] { package.state?.document(of: user, from: states) ?? [] }

    package static func < (a: EventResource, b: EventResource) -> Bool {
        a.user != b.user ? a.user < b.user : a.package.rawValue < b.package.rawValue
    }

    /// The user, and the package where that is not presence.
    package var description: String { package == .presence ? "\(user)" : "\(user) (\(package.rawValue))" }
}
