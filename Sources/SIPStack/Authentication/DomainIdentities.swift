/// The SIP domains that a certificate proves its holder to be (RFC 5922 §7.1).
package struct DomainIdentities: Hashable, Sendable {
    /// In lower case, in the order in which the certificate has them.
    package let domains: [String]

    /// - Parameters:
    ///   - uris: the subject's alternative names of type URI.
    ///   - dnsNames: those of type DNS.
    ///   - hasAlternativeNames: whether the certificate has alternative names of any type.
    ///   - commonName: the subject's common name.
    package init(uris: [String], dnsNames: [String], hasAlternativeNames: Bool, commonName: String?) {
        // RFC 5922 §7.1: a URI of scheme "sip" without a user names a domain.
        let named = uris.prefix(Self.maximum).compactMap(Self.domain)
        if !named.isEmpty {
            domains = named
        } else if hasAlternativeNames {
            // Only where there is no such URI a DNS name does, even for certificates made for the web.
            domains = dnsNames.prefix(Self.maximum).compactMap(Self.plain)
        } else {
            // Only where there are no alternative names at all the common name may.
            domains = [commonName].compactMap { $0.flatMap(Self.plain) }
        }
    }

    /// The names as lines: `SAN`, `URI sip:example.org`, `DNS example.org`, `CN example.org`.
    package init(lines: String) {
        var values: [Substring: [String]] = [:]
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            values[parts[0], default: []].append(parts.count > 1 ? String(parts[1]) : "")
        }
        self.init(
            uris: values["URI"] ?? [], dnsNames: values["DNS"] ?? [], hasAlternativeNames: values["SAN"] != nil,
            commonName: values["CN"]?.first)
    }

    /// More names than any certificate of a SIP domain has.
    private static let maximum = 128

    /// RFC 5922 §7.2: names are equal as DNS names are, without regard to case, and as a whole: no suffix and no wildcard
    /// matches anything but itself, and a name with a wildcard is none that could be asked for.
    package func prove(_ domain: String) -> Bool {
        guard let domain = Self.plain(domain) else { return false }
        return domains.contains(domain)
    }

    private static func domain(_ uri: String) -> String? {
        let lower = uri.lowercased()
        guard lower.hasPrefix("sip:"), !lower.contains("@") else { return nil }
        // RFC 5922 §7.2: nothing counts but the name: no port, parameters or header fields.
        let host = lower.dropFirst(4).prefix { $0 != ":" && $0 != ";" && $0 != "?" }
        return plain(String(host))
    }

    private static func plain(_ name: String) -> String? {
        var lower = name.lowercased()
        if lower.hasSuffix(".") { lower.removeLast() }
        let isName = lower.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        }
        return isName && !lower.isEmpty && !lower.hasPrefix(".") ? lower : nil
    }
}
