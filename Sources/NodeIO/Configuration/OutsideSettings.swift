import Primitives

/// How domains outside the overlay are reached, where the border is open at all.
package struct OutsideSettings: Sendable {
    /// The name server to ask; nil for those that the system names.
    package var dns: Endpoint?

    package init(dns: Endpoint? = nil) { self.dns = dns }
}

extension NodeSettings {
    package var outside: OutsideSettings { OutsideSettings(dns: dns) }
}
