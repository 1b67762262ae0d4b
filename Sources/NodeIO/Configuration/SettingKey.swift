/// What can be set, in a file as a key or by a flag, with the form of its value.
package enum SettingKey: String, CaseIterable, Sendable {
    case data, gateway, network, domain, domains
    case domainKey = "domain-key"
    case sip, overlay, join, trust, log
    case colleagues, strangers, emergency
    case xcap
    case xcapCertificate = "xcap-certificate"
    case xcapKey = "xcap-key"
    case xcapRoot = "xcap-root"
    case sipCertificate = "sip-certificate"
    case sipKey = "sip-key"
    case border, dns
    case sipTrust = "sip-trust"

    /// Whether the value may be a list.
    var isList: Bool {
        switch self {
        case .domain, .domains, .domainKey, .sip, .join, .trust, .border: true
        case .data, .gateway, .network, .overlay, .log, .colleagues, .strangers, .emergency, .xcap, .xcapCertificate,
            .xcapKey, .xcapRoot, .sipCertificate, .sipKey, .dns, .sipTrust:
            false
        }
    }

    /// What a right value looks like, to complete "write …".
    package var form: String {
        switch self {
        case .data: "the path of a directory, as in /var/lib/starling"
        case .gateway: "true or false"
        case .network: "a name of 1 to 64 printable characters, as in starling"
        case .domain, .domains: "a domain name, as in example.org"
        case .domainKey: "NAME=KEY, the key as `starling domain list` shows it at a gateway of that domain"
        case .sip:
            "TRANSPORT:ADDRESS:PORT, as in udp:127.0.0.1:5060 or tls:[::1]:5061, or none; the transports are "
                + "udp, tcp, tls, ws and wss"
        case .overlay: "ADDRESS:PORT, as in 0.0.0.0:7065 or [::]:7065"
        case .join: "ADDRESS:PORT of a node that runs, as in 192.0.2.1:7065"
        case .trust: "a block of addresses, as in 10.0.0.0/8 or 127.0.0.1"
        case .log: "one of " + LogDetail.allCases.map(\.rawValue).joined(separator: ", ")
        case .colleagues, .strangers: "allow, confirm, polite-block or block"
        case .emergency: "a SIP URI, as in sip:112@192.0.2.1, or sip:esrp.example.org;lr for a proxy that finds one"
        case .xcap: "ADDRESS:PORT, as in 192.0.2.1:8080 or [2001:db8::1]:8080"
        case .xcapCertificate, .sipCertificate: "the path of a PEM file, as in /etc/starling/chain.pem"
        case .xcapKey, .sipKey: "the path of a PEM file, as in /etc/starling/key.pem"
        case .sipTrust: "the path of a PEM file, as in /etc/starling/authorities.pem"
        case .border: "a domain name, as in example.net, or any"
        case .dns: "ADDRESS:PORT of a name server, as in 192.0.2.53:53"
        case .xcapRoot: "an HTTP URI without a query, as in https://xcap.example.org\(XCAPListener.rootPath)"
        }
    }

    /// The key that was probably meant by `word`: the nearest, when no more than two letters are wrong.
    static func nearest(to word: String) -> SettingKey? {
        allCases.map { ($0, distance(Array($0.rawValue.utf8), Array(word.lowercased().utf8).prefix(64))) }
            .filter { $0.1 <= 2 && $0.1 < $0.0.rawValue.utf8.count }
            .min { $0.1 < $1.1 }?.0
    }

    /// How many letters must be put in, taken out or changed to get from one word to the other (Levenshtein).
    private static func distance(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(row[j] + 1, above + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}
