import Primitives

/// A URI as SIP writes it: `sip:` and `sips:` taken apart (RFC 3261 §19.1), any other scheme kept as it is.
///
/// `==` compares what is written; `isEquivalent(to:)` compares by the rules of RFC 3261 §19.1.4.
package struct SIPURI: Hashable, Sendable, CustomStringConvertible {
    /// What the URI begins with, in any case.
    package enum Scheme: Hashable, Sendable, CustomStringConvertible {
        case sip, sips, tel
        /// In lower case.
        case other(String)

        package init(_ text: some StringProtocol) {
            switch text {
            case "sip": self = .sip
            case "sips": self = .sips
            default: self.init(lowercase: text.lowercased())
            }
        }

        private init(lowercase text: String) {
            switch text {
            case "sip": self = .sip
            case "sips": self = .sips
            case "tel": self = .tel
            case let other: self = .other(other)
            }
        }

        package var description: String {
            switch self {
            case .sip: "sip"
            case .sips: "sips"
            case .tel: "tel"
            case .other(let text): text
            }
        }
    }

    /// One `name=value` behind the question mark, as it is written.
    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A URI is at most this long, in bytes: no real one comes near, and a longer one only costs.
    package static let maximumLength = 8_192

    package var scheme: Scheme
    /// The user part as it is written, with its escapes; nil when there is none.
    package var user: String?
    /// As it is written, with its escapes. RFC 3261 §19.1.1 advises against using one.
    package var password: String?
    /// A host name, or an address literal, an IPv6 one with its brackets; empty for a scheme other than sip and sips.
    package var host: String
    package var port: UInt16?
    package var parameters: Parameters
    package var headers: [Header]
    /// What follows the colon when the scheme is neither sip nor sips; empty otherwise.
    package var opaque: String

    package init(
        scheme: Scheme = .sip, user: String? = nil, password: String? = nil, host: String, port: UInt16? = nil,
        parameters: Parameters = Parameters(), headers: [Header] = []
    ) {
        self.scheme = scheme
        self.user = user
        self.password = password
        self.host = host
        self.port = port
        self.parameters = parameters
        self.headers = headers
        opaque = ""
    }

    /// A URI of a scheme that is not taken apart: `tel:+358-555-1234567`.
    package init(scheme: Scheme, opaque: String) {
        self.init(scheme: scheme, host: "")
        self.opaque = opaque
    }

    /// `sip:user@host` of a user's public name; characters that may not stand in a user part are escaped.
    package init(_ aor: AddressOfRecord, scheme: Scheme = .sip) {
        self.init(scheme: scheme, user: PercentEncoding.user(aor.user), host: aor.host)
    }

    /// `sip:address:port`
    package init(_ endpoint: Endpoint, user: String? = nil, transport: SIPTransport? = nil) {
        let address = endpoint.address
        self.init(user: user, host: address.isV4 ? "\(address)" : "[\(address)]", port: endpoint.port)
        if let transport { parameters.set("transport", transport.rawValue) }
    }

    package var isSIP: Bool { scheme == .sip || scheme == .sips }

    /// The host when it is an address literal.
    package var hostAddress: IPAddress? { IPAddress(host) }

    /// The address and port when the host is an address literal, with the default port of the transport.
    package var endpoint: Endpoint? {
        hostAddress.map { Endpoint(address: $0, port: port ?? (transport ?? .udp).defaultPort) }
    }

    /// The transport parameter; TLS for a sips URI (RFC 3261 §26.2.2); nil when it says nothing or is not known.
    package var transport: SIPTransport? {
        let named = parameter("transport").flatMap { SIPTransport($0) }
        guard scheme == .sips else { return named }
        return named == .ws || named == .wss ? .wss : named == .overlay ? .overlay : .tls
    }

    /// Whether the `lr` parameter marks a loose router (RFC 3261 §19.1.1).
    package var isLooseRouter: Bool { parameter("lr") != nil }

    /// The value of a parameter with the escapes in it and in its name undone (RFC 3261 §19.1.4): "" for one without a
    /// value, nil when it is not there.
    package func parameter(_ name: String) -> String? {
        if let plain = parameters[name] { return PercentEncoding.decoded(plain) }
        let escaped = parameters.list.first { parameter in
            parameter.name.utf8.contains(UInt8(ascii: "%"))
                && ASCII.equalIgnoringCase(PercentEncoding.decoded(parameter.name), name)
        }
        return escaped.map { PercentEncoding.decoded($0.text ?? "") }
    }

    /// The user part with all escapes undone.
    package var decodedUser: String? { user.map(PercentEncoding.decoded) }

    /// The public name that this URI stands for (RFC 3261 §10.3 step 5): user and host without port, password,
    /// parameters and headers, escapes undone where they were not needed; nil without a user.
    package var addressOfRecord: AddressOfRecord? {
        guard isSIP, let user else { return nil }
        return AddressOfRecord(user: PercentEncoding.canonicalUser(user), host: host)
    }

    package var description: String {
        guard isSIP else { return "\(scheme):\(opaque)" }
        var text = "\(scheme):"
        if let user {
            text += user
            if let password { text += ":" + password }
            text += "@"
        }
        text += host
        if let port { text += ":\(port)" }
        text += parameters.description
        for (position, header) in headers.enumerated() {
            text += (position == 0 ? "?" : "&") + header.name + "=" + header.value
        }
        return text
    }
}
