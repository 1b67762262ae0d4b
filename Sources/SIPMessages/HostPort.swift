import Primitives

/// A host with or without a port, as URIs and Via header fields write it.
enum HostPort {
    /// - Returns: nil when it is neither a host name nor an address literal, or the port is none.
    static func read(_ part: ArraySlice<UInt8>) -> (host: String, port: UInt16?)? {
        var hostEnd = part.endIndex
        if part.first == UInt8(ascii: "[") {
            guard let bracket = part.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostEnd = bracket + 1
        } else if let colon = part.firstIndex(of: UInt8(ascii: ":")) {
            hostEnd = colon
        }
        guard let host = host(part[..<hostEnd]) else { return nil }
        guard hostEnd < part.endIndex else { return (host, nil) }
        guard part[hostEnd] == UInt8(ascii: ":"), let port = number(part[(hostEnd + 1)...]) else { return nil }
        return (host, port)
    }

    /// hostname, IPv4address or IPv6reference (RFC 3261 §25.1). Underscores are no part of a host name, but real ones
    /// have them. A name has at most 255 bytes (RFC 1035 §2.3.4).
    private static func host(_ bytes: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        if bytes.first == UInt8(ascii: "[") { return address(text) }
        guard (1...255).contains(bytes.count) else { return nil }
        let isName = bytes.allSatisfy { byte in
            ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_")
        }
        return isName ? text : nil
    }

    /// An IPv6 address in brackets. RFC 3261's grammar derives three colons before an IPv4 part; they are taken for the
    /// two that are meant, and written as two (RFC 5118 §4.10).
    private static func address(_ text: String) -> String? {
        if IPAddress(text) != nil { return text }
        let pieces = text.split(separator: ":::", omittingEmptySubsequences: false)
        guard pieces.count == 2 else { return nil }
        let mended = pieces.joined(separator: "::")
        return IPAddress(mended) != nil ? mended : nil
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...5).contains(digits.count), digits.allSatisfy(ASCII.isDigit) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 & 15) }
        return UInt16(exactly: value)
    }
}
