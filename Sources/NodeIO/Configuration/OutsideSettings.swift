import Primitives

/// How domains outside the overlay are reached, where the border is open at all.
package struct OutsideSettings: Sendable {
    /// The name server to ask; nil for those that the system names.
    package var dns: Endpoint?

    /// The PEM file with the authorities to believe when a server shows its certificate; nil for the system's.
    package var trust: String?

    package init(dns: Endpoint? = nil, trust: String? = nil) {
        self.dns = dns
        self.trust = trust
    }
}

extension NodeSettings {
    package var outside: OutsideSettings { OutsideSettings(dns: dns, trust: sipTrust) }
}
