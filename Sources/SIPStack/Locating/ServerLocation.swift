import Primitives
import SIPMessages

/// RFC 3263 §4 as one function: from a name, and what is known of the DNS, to the servers in the order in which to try
/// them, or else to what must be asked first.
struct ServerLocation {
    enum Outcome: Equatable {
        /// The answers to these are missing.
        case needs([DNSQuestion])
        /// Best first; empty when there is no server.
        case located([ServerAddress])
    }

    /// No domain gains by more, and every one of them may cost a time-out.
    static let maximumServers = 16
    static let maximumAddresses = 4
    static let maximumServices = 16
    static let maximumNamingAuthorities = 8

    /// What could be found out of one step; nil when more must be asked.
    private typealias Found = [ServerAddress]?

    private let name: ServerName
    private let options: LocatingOptions
    private let answers: (DNSQuestion) -> DNSAnswer?
    private var random: RandomSource
    private var missing: [DNSQuestion] = []
    /// Whether a question was answered by a failure without which the choice would be a guess.
    private var isUncertain = false

    /// - Parameters:
    ///   - answers: what is known; nil for what is not.
    ///   - random: for the choice by weight; the same source gives the same order.
    static func evaluate(
        _ name: ServerName, options: LocatingOptions, random: RandomSource,
        answers: @escaping (DNSQuestion) -> DNSAnswer?
    ) -> Outcome {
        var location = ServerLocation(name: name, options: options, answers: answers, random: random)
        let found = location.servers()
        if location.isUncertain { return .located([]) }
        guard location.missing.isEmpty, let found else { return .needs(location.missing) }
        return .located(Array(found.prefix(maximumServers)))
    }

    private init(
        name: ServerName, options: LocatingOptions, answers: @escaping (DNSQuestion) -> DNSAnswer?,
        random: RandomSource
    ) {
        self.name = name
        self.options = options
        self.answers = answers
        self.random = random
    }

    private mutating func servers() -> Found {
        // RFC 3263 §4.1: without a transport, a numeric host or a port means UDP for sip and TLS for sips.
        let usual = name.isSecure ? SIPTransport.tls : .udp
        if let address = IPAddress(name.host) {
            let transport = name.transport ?? usual
            return [server(transport, address, name.port ?? transport.defaultPort)]
        }
        guard name.port == nil else { return addresses(of: name.host, name.transport ?? usual, port: name.port) }
        let services: [(transport: SIPTransport, owner: String)]
        if let transport = name.transport {
            services = [(transport, Self.serviceName(transport, of: name.host))]
        } else {
            guard let chosen = chosenServices() else { return nil }
            services = chosen
        }
        var found: [ServerAddress] = []
        var hasServices = false
        for service in services where options.transports.contains(service.transport) {
            guard let records = ask(service.owner, .srv, isDecisive: true) else { continue }
            guard !records.isEmpty else { continue }
            hasServices = true
            found += self.servers(of: records, service.transport) ?? []
        }
        guard missing.isEmpty else { return nil }
        if hasServices { return found }
        // RFC 3263 §4.2: without SRV records the host itself, at the usual port. A NAPTR has chosen the transport.
        let transport = services.count == 1 ? services[0].transport : usual
        return addresses(of: name.host, transport, port: nil)
    }

    /// RFC 3263 §4.1: the NAPTR records choose the transport; without any, each transport that has SRV records will do.
    private mutating func chosenServices() -> [(transport: SIPTransport, owner: String)]? {
        guard let records = ask(name.host, .naptr, isDecisive: true) else { return nil }
        var usable: [(order: UInt16, preference: UInt16, transport: SIPTransport, owner: String)] = []
        for case .namingAuthority(let order, let preference, "s", let service, let replacement) in records {
            guard let transport = transport(of: service), options.transports.contains(transport) else { continue }
            usable.append((order, preference, transport, replacement))
        }
        // RFC 3403 §4.1: of the lowest order that is of any use, the lowest preference first; higher orders are not
        // looked at, so that a failure of TLS does not lead to a server without.
        guard let order = usable.map(\.order).min() else {
            let transports = name.isSecure ? [SIPTransport.tls] : options.transports
            return transports.map { ($0, Self.serviceName($0, of: name.host)) }
        }
        let best = usable.filter { $0.order == order }.sorted { $0.preference < $1.preference }
        return best.prefix(Self.maximumNamingAuthorities).map { ($0.transport, $0.owner) }
    }

    /// RFC 3263 §4.1: a SIPS URI takes no service but SIPS; a SIP URI takes both.
    private func transport(of service: String) -> SIPTransport? {
        switch service {
        case "SIPS+D2T": .tls
        case "SIP+D2T" where !name.isSecure: .tcp
        case "SIP+D2U" where !name.isSecure: .udp
        default: nil
        }
    }

    private static func serviceName(_ transport: SIPTransport, of host: String) -> String {
        switch transport {
        case .tls: "_sips._tcp.\(host)"
        case .tcp: "_sip._tcp.\(host)"
        default: "_sip._udp.\(host)"
        }
    }

    /// The addresses behind SRV records, in the order of RFC 2782.
    private mutating func servers(of records: [DNSRecord], _ transport: SIPTransport) -> Found {
        var found: [ServerAddress] = []
        for service in ServiceOrder.sorted(records, random: &random).prefix(Self.maximumServices) {
            // RFC 2782: a lone dot for a target says that the service is decidedly not offered.
            guard !service.target.isEmpty else { continue }
            found += addresses(of: service.target, transport, port: service.port) ?? []
        }
        return missing.isEmpty ? found : nil
    }

    /// RFC 3263 §4.2: A and AAAA. Where both families are at hand IPv6 is tried first (RFC 6724 §2.1).
    private mutating func addresses(of host: String, _ transport: SIPTransport, port: UInt16?) -> Found {
        guard options.transports.contains(transport) else { return [] }
        var found: [ServerAddress] = []
        var types: [DNSRecordType] = []
        if options.hasIPv6 { types.append(.aaaa) }
        if options.hasIPv4 { types.append(.a) }
        for type in types {
            for case .address(let address) in (ask(host, type, isDecisive: false) ?? []).prefix(Self.maximumAddresses) {
                // Nobody's server is at no address at all.
                guard !address.isUnspecified else { continue }
                found.append(server(transport, address, port ?? transport.defaultPort))
            }
        }
        return missing.isEmpty ? found : nil
    }

    private func server(_ transport: SIPTransport, _ address: IPAddress, _ port: UInt16) -> ServerAddress {
        ServerAddress(transport, Endpoint(address: address, port: port), domain: name.host)
    }

    /// - Parameter isDecisive: whether no answer at all leaves the choice open. RFC 3263 §7: whoever can suppress NAPTR
    ///   and SRV answers would else turn TLS into UDP.
    private mutating func ask(_ owner: String, _ type: DNSRecordType, isDecisive: Bool) -> [DNSRecord]? {
        let question = DNSQuestion(owner, type)
        guard let answer = answers(question) else {
            if !missing.contains(question) { missing.append(question) }
            return nil
        }
        if answer.isFailure, isDecisive { isUncertain = true }
        return answer.records
    }
}
