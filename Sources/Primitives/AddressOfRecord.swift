/// The public name of a user, `user@host`, in the canonical form under which everything about them is kept.
///
/// The user part is compared as it is written once escapes that were not needed are undone, the host without
/// regard to case (RFC 3261 §10.3 step 5 and §19.1.4). It carries no port and no parameters.
package struct AddressOfRecord: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let user: String
    package let host: String

    /// - Returns: nil when either part is empty, longer than 255 bytes, or holds control characters, spaces or `@`.
    package init?(user: String, host: String) {
        let isPlain = { (text: String) in
            !text.isEmpty && text.utf8.count <= 255
                && text.utf8.allSatisfy { $0 > 32 && $0 != 127 && $0 != UInt8(ascii: "@") }
        }
        guard isPlain(user), isPlain(host) else { return nil }
        self.user = user
        self.host = host.lowercased()
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
