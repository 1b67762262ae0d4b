import Primitives

/// The bounds that a registrar keeps.
package struct RegistrarConfiguration: Hashable, Sendable {
    /// The domains whose users register here, in lower case.
    package var domains: Set<String>
    /// The shortest expiry granted, in seconds; shorter ones under an hour get a 423 (RFC 3261 §10.3 step 7).
    package var minimumExpires: Int
    /// The expiry of a contact that asks for none, in seconds.
    package var defaultExpires: Int
    /// The longest expiry granted, in seconds; longer ones are cut down.
    package var maximumExpires: Int
    /// How many devices one user may have registered; a device with `+sip.instance` counts once.
    package var maximumContacts: Int

    /// From so many registered users on, the expiry granted is up to a tenth shorter than it would be: phones that all
    /// registered at once, as after a power cut, must not all come again at once for ever.
    package var spreadsFrom = 100

    package init(
        domains: some Sequence<String>, minimumExpires: Int = 60, defaultExpires: Int = 3_600,
        maximumExpires: Int = 86_400, maximumContacts: Int = 16
    ) {
        self.domains = Set(domains.map { $0.lowercased() })
        self.minimumExpires = minimumExpires
        self.defaultExpires = defaultExpires
        self.maximumExpires = maximumExpires
        self.maximumContacts = maximumContacts
    }
}
