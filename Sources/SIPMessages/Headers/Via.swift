import Primitives

/// One value of a Via header field: a hop that a request took, and that its response takes back (RFC 3261 §20.42).
package struct Via: Hashable, Sendable, CustomStringConvertible {
    /// The begin of every branch that identifies its transaction by itself (RFC 3261 §8.1.1.7).
    package static let magicCookie = "z9hG4bK"

    /// `SIP`, the first part of the sent-protocol.
    package var protocolName: String
    /// `2.0`, the second part.
    package var protocolVersion: String
    /// The third part as it is written: `UDP`.
    package var transportName: String
    /// A host name, or an address literal, an IPv6 one with its brackets.
    package var host: String
    package var port: UInt16?
    package var parameters: Parameters

    package init(
        transport: SIPTransport, host: String, port: UInt16? = nil, branch: String? = nil, requestsPort: Bool = false
    ) {
        protocolName = "SIP"
        protocolVersion = "2.0"
        transportName = transport.viaName
        self.host = host
        self.port = port
        parameters = Parameters()
        if let branch { parameters.set("branch", branch) }
        // The flag asks for the response to come back to the port it was sent from (RFC 3581 §3).
        if requestsPort { parameters.set("rport", nil) }
    }

    /// The transport; nil when it is none that this module knows (RFC 4475 §3.1.1.10).
    package var transport: SIPTransport? { SIPTransport(transportName) }

    package var branch: String? { parameters["branch"] }

    /// Whether the branch is that of a transaction of RFC 3261 rather than of RFC 2543 (§17.2.3). The cookie alone is
    /// no identifier (RFC 4475 §3.2.1).
    package var hasUniqueBranch: Bool {
        guard let branch else { return false }
        return branch.utf8.count > Self.magicCookie.utf8.count
            && ASCII.equalIgnoringCase(branch.prefix(Self.magicCookie.count), Self.magicCookie)
    }

    /// Where the request came from, as the element that received it saw (RFC 3261 §18.2.1). IPv6 without brackets is
    /// what the grammar has, with brackets what some send: both are read (RFC 5118 §4.5).
    package var received: IPAddress? { parameters["received"].flatMap { IPAddress($0) } }

    /// The port that the request came from (RFC 3581 §4); nil when it is not there or a flag.
    package var rport: UInt16? { parameters["rport"].flatMap { UInt16($0) } }

    /// Whether the sender asks for the answer at the port it sent from (RFC 3581 §3).
    package var requestsPort: Bool { parameters.contains("rport") }

    package var maddr: String? { parameters["maddr"] }

    /// 0 to 255; nil when it is not there or none.
    package var ttl: UInt8? { parameters["ttl"].flatMap { UInt8($0) } }

    /// `host` or `host:port`, in lower case, to compare with.
    package var sentBy: String { host.lowercased() + (port.map { ":\($0)" } ?? "") }

    package var description: String {
        "\(protocolName)/\(protocolVersion)/\(transportName) \(host)\(port.map { ":\($0)" } ?? "")\(parameters)"
    }

    /// via-parm = sent-protocol LWS sent-by *( SEMI via-params ) (RFC 3261 §25.1), with white space around the slashes
    /// and the colon.
    package init(_ text: HeaderText) throws(SIPParseError) {
        var cursor = HeaderCursor(text)
        guard let name = cursor.token(), cursor.takeSeparator(UInt8(ascii: "/")), let version = cursor.token(),
            cursor.takeSeparator(UInt8(ascii: "/")), let transport = cursor.token(), let gap = cursor.peek,
            ASCII.isWhitespace(gap)
        else { throw .malformed(.via) }
        protocolName = name
        protocolVersion = version
        transportName = transport
        cursor.skipWhitespace()
        (host, port) = try Self.sentBy(&cursor)
        parameters = try Parameters(reading: &cursor, of: .via)
        guard cursor.isAtEnd else { throw .malformed(.via) }
    }

    /// sent-by = host [ COLON port ]
    private static func sentBy(_ cursor: inout HeaderCursor) throws(SIPParseError) -> (String, UInt16?) {
        let isBracketed = cursor.peek == UInt8(ascii: "[")
        let part = cursor.run { byte in
            !ASCII.isWhitespace(byte) && byte != UInt8(ascii: ";") && (isBracketed || byte != UInt8(ascii: ":"))
        }
        guard let part, let (host, port) = HostPort.read(part) else { throw .malformed(.via) }
        guard port == nil, cursor.takeSeparator(UInt8(ascii: ":")) else { return (host, port) }
        guard let number = cursor.number(upTo: 65_535) else { throw .malformed(.via) }
        return (host, UInt16(number))
    }
}

extension SIPMessage {
    /// The hop that sent this request, or that this response is to reach (RFC 3261 §18.2.1, §18.1.2).
    package var topVia: Via {
        get throws(SIPParseError) {
            guard let text = firstValue(.via) else { throw .missing(.via) }
            return try Via(text)
        }
    }

    /// All hops, the last one first.
    package var vias: [Via] {
        get throws(SIPParseError) {
            var found: [Via] = []
            for text in try allValues(.via) { found.append(try Via(text)) }
            return found
        }
    }
}
