import Primitives

/// Which domains outside the overlay are reached by ordinary SIP, through the DNS.
package struct Border: Hashable, Sendable {
    /// Names in lower case; each stands for the names below it as well, which its servers may have.
    package var domains: Set<String>
    /// Whether any domain may be called that has a dot in its name.
    package var isOpen: Bool
    /// Domains that are found in the overlay, and so never through the DNS.
    package var overlayDomains: Set<String>

    package init(domains: some Sequence<String> = [], isOpen: Bool = false, overlayDomains: some Sequence<String> = [])
    {
        self.domains = Set(domains.map { $0.lowercased() })
        self.isOpen = isOpen
        self.overlayDomains = Set(overlayDomains.map { $0.lowercased() })
    }

    /// Whether anything outside can be reached at all.
    package var isClosed: Bool { domains.isEmpty && !isOpen }

    /// - Parameter host: the name of a domain or of a server, in any case.
    func allows(_ host: String) -> Bool {
        guard !isClosed else { return false }
        var name = host.lowercased()[...]
        if name.hasSuffix(".") { name = name.dropLast() }
        guard !overlayDomains.contains(String(name)) else { return false }
        // RFC 2606 §2: no DNS holds names under "invalid". A name without a dot is a domain of the overlay that is its
        // own key, or one of this machine's network.
        if isOpen, name.contains("."), !name.hasSuffix(".invalid") { return true }
        while true {
            if domains.contains(String(name)) { return true }
            guard let dot = name.firstIndex(of: ".") else { return false }
            name = name[name.index(after: dot)...]
        }
    }
}
