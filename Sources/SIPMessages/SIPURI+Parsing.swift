import Primitives

extension SIPURI {
    /// - Returns: nil when the text is no URI.
    package init?(_ text: some StringProtocol) { self.init(Array(text.utf8)[...]) }

    /// Reads a whole URI (RFC 3261 §25.1). White space and characters that end a URI elsewhere are refused anywhere
    /// in it; otherwise only what would change its meaning is.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count <= Self.maximumLength, let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            colon > bytes.startIndex, ASCII.isLetter(bytes[bytes.startIndex]),
            bytes[..<colon].allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) || "+-.".utf8.contains($0) }),
            bytes.allSatisfy({ byte in
                byte > ASCII.space && byte != 0x7F && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
                    && byte != UInt8(ascii: "\"")
            })
        else { return nil }
        let scheme = Scheme(String(decoding: bytes[..<colon], as: UTF8.self))
        let rest = bytes[(colon + 1)...]
        guard !rest.isEmpty else { return nil }
        guard scheme == .sip || scheme == .sips else {
            self.init(scheme: scheme, opaque: String(decoding: rest, as: UTF8.self))
            return
        }
        // The user part may hold ";" and "?", so the at sign is looked for first (RFC 4475 §3.1.1.9); one that is part
        // of the user is escaped.
        guard PercentEncoding.isSound(rest) else { return nil }
        self.init(scheme: scheme, host: "")
        var hostPart = rest
        if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
            hostPart = rest[(at + 1)...]
            guard readUser(rest[..<at]), !hostPart.contains(UInt8(ascii: "@")) else { return nil }
        }
        let question = hostPart.firstIndex(of: UInt8(ascii: "?")) ?? hostPart.endIndex
        let semicolon = hostPart[..<question].firstIndex(of: UInt8(ascii: ";")) ?? question
        guard readHost(hostPart[..<semicolon]), readParameters(hostPart[semicolon..<question]),
            readHeaders(hostPart[question...])
        else { return nil }
    }

    /// userinfo = ( user / telephone-subscriber ) [ ":" password ]
    private mutating func readUser(_ part: ArraySlice<UInt8>) -> Bool {
        let colon = part.firstIndex(of: UInt8(ascii: ":")) ?? part.endIndex
        guard colon > part.startIndex else { return false }
        user = String(decoding: part[..<colon], as: UTF8.self)
        if colon < part.endIndex { password = String(decoding: part[(colon + 1)...], as: UTF8.self) }
        return true
    }

    /// hostport = ( hostname / IPv4address / "[" IPv6address "]" ) [ ":" port ]
    private mutating func readHost(_ part: ArraySlice<UInt8>) -> Bool {
        guard let (host, port) = HostPort.read(part) else { return false }
        self.host = host
        self.port = port
        return true
    }

    private mutating func readParameters(_ part: ArraySlice<UInt8>) -> Bool {
        guard !part.isEmpty else { return true }
        for piece in part.dropFirst().split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            guard equals > piece.startIndex, parameters.list.count < MessageLimits.parameters else { return false }
            let value = equals < piece.endIndex ? String(decoding: piece[(equals + 1)...], as: UTF8.self) : nil
            // Of two parameters of one name different elements would take a different one (RFC 3261 §19.1.1: none
            // appears more than once).
            let name = String(decoding: piece[..<equals], as: UTF8.self)
            guard value != "", parameter(PercentEncoding.decoded(name)) == nil else { return false }
            parameters.list.append(.init(name: name, text: value))
        }
        return true
    }

    /// headers = "?" header *( "&" header ), header = hname "=" hvalue
    private mutating func readHeaders(_ part: ArraySlice<UInt8>) -> Bool {
        guard !part.isEmpty else { return true }
        for piece in part.dropFirst().split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            guard let equals = piece.firstIndex(of: UInt8(ascii: "=")), equals > piece.startIndex,
                headers.count < MessageLimits.parameters
            else { return false }
            headers.append(
                Header(
                    name: String(decoding: piece[..<equals], as: UTF8.self),
                    value: String(decoding: piece[(equals + 1)...], as: UTF8.self)))
        }
        return true
    }
}
