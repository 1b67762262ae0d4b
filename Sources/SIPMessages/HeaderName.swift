/// The name of a header field; known names and their compact forms are the same value (RFC 3261 §7.3.3), and two
/// names are equal without regard to case (RFC 3261 §7.3.1).
package struct HeaderName: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    let known: KnownHeader
    /// The name as it was written; empty for a known name.
    private let written: String

    init(_ known: KnownHeader) {
        self.known = known
        written = ""
    }

    /// - Parameter text: a name in any case, or a compact form.
    package init(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        known = bytes.withUnsafeBytes { HeaderNameTable.shared.find($0, from: 0, count: $0.count) }
        written = known == .other ? String(text) : ""
    }

    package init(stringLiteral text: String) { self.init(text) }

    /// The name as the RFC that defines it writes it; an unknown name as it was given.
    package var description: String {
        known == .other ? written : "\(KnownHeader.entries[Int(known.rawValue)].name)"
    }

    /// Whether several values may be written in one field of this name, parted by commas. Unknown header fields are
    /// taken as one value each, since nothing says that their commas part anything.
    package var isList: Bool { KnownHeader.entries[Int(known.rawValue)].isList }

    package static func == (a: HeaderName, b: HeaderName) -> Bool {
        a.known == b.known && (a.known != .other || a.written.lowercased() == b.written.lowercased())
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(known)
        if known == .other { hasher.combine(written.lowercased()) }
    }

    /// Whether the bytes of a message's header field name spell this name; only asked of unknown names.
    func matches(_ name: ArraySlice<UInt8>) -> Bool {
        let own = written.utf8
        guard own.count == name.count else { return false }
        return zip(own, name).allSatisfy { ASCII.lowercased($0) == ASCII.lowercased($1) }
    }
}
