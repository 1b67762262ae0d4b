import SIPStack
import Testing

/// RFC 5922 §7: whom a certificate proves its holder to be.
@Suite struct DomainIdentityTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let names: String
        let asked: String
        let isProved: Bool

        var testDescription: String { "\(names) – \(asked)" }

        init(_ names: String, _ asked: String, _ isProved: Bool) {
            self.names = names
            self.asked = asked
            self.isProved = isProved
        }
    }

    private static let cases: [Case] = [
        Case("SAN\nURI sip:example.com", "example.com", true),
        Case("SAN\nURI SIP:Example.COM", "exAMPLE.com", true),
        Case("SAN\nURI sip:example.com", "example.com.", true),
        Case("SAN\nURI sip:example.com:5061;transport=tls", "example.com", true),
        // A URI with a user names a person; one of another scheme nobody of SIP's.
        Case("SAN\nURI sip:alice@example.com", "example.com", false),
        Case("SAN\nURI sips:example.com", "example.com", false),
        Case("SAN\nURI https://example.com", "example.com", false),
        // A DNS name counts only where no such URI is.
        Case("SAN\nDNS example.com", "example.com", true),
        Case("SAN\nURI sip:other.example\nDNS example.com", "example.com", false),
        Case("SAN\nURI sip:other.example\nDNS example.com", "other.example", true),
        Case("SAN\nURI sip:alice@example.com\nDNS example.com", "example.com", true),
        // No suffixes, no wildcards.
        Case("SAN\nDNS example.com", "sip.example.com", false),
        Case("SAN\nDNS sip.example.com", "example.com", false),
        Case("SAN\nDNS *.example.com", "sip.example.com", false),
        Case("SAN\nDNS *.example.com", "*.example.com", false),
        Case("SAN\nDNS .example.com", "sip.example.com", false),
        Case("SAN\nDNS *", "example.com", false),
        // The common name counts only where there are no alternative names of any kind.
        Case("CN example.com", "example.com", true),
        Case("SAN\nCN example.com", "example.com", false),
        Case("SAN\nDNS other.example\nCN example.com", "example.com", false),
        Case("CN Example Incorporated", "example", false),
        Case("", "example.com", false),
        Case("SAN\nDNS example.com", "", false),
    ]

    @Test(arguments: cases) func onlyWhatIsNamedIsProved(_ example: Case) {
        #expect(DomainIdentities(lines: example.names).prove(example.asked) == example.isProved)
    }
}
