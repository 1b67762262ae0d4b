/// The public name of a user, `user@host`, in the canonical form under which everything about them is kept.
///
/// The user part is compared as it is written once escapes that were not needed are undone, the host without
/// regard to case (RFC 3261 §10.3 step 5 and §19.1.4). It carries no port and no parameters.
package struct AddressOfRecord: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let user: String
    package let host: String

    /// - Returns: nil when either part is empty or longer than 255 bytes, the user holds control characters, spaces or
    ///   `@`, or the host is neither a host name nor an address (IPv6 in brackets): a port would make it another's.
    package init?(user: String, host: String) {
        guard (1...255).contains(user.utf8.count), (1...255).contains(host.utf8.count),
            user.utf8.allSatisfy({ $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "@") }), Self.isHost(host)
        else { return nil }
        self.user = user
        self.host = host.lowercased()
    }

    private static func isHost(_ text: String) -> Bool {
        if text.utf8.first == UInt8(ascii: "[") { return IPAddress(text) != nil }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// Reads `alice@example.org`, with or without `sip:` in front.
    package init?(_ text: some StringProtocol) {
        let bare = text.lowercased().hasPrefix("sip:") ? text.dropFirst(4) : text[...]
        let parts = bare.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(user: String(parts[0]), host: String(parts[1]))
    }

    package var description: String { "\(user)@\(host)" }

    package static func < (a: AddressOfRecord, b: AddressOfRecord) -> Bool {
        a.host != b.host ? a.host < b.host : a.user < b.user
    }
}
