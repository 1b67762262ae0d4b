/// The value of `If-Match` or `If-None-Match` (RFC 9110 §13.1.1 and §13.1.2).
package enum EntityTagCondition: Hashable, Sendable {
    /// A tag as a client sent it.
    package struct Listed: Hashable, Sendable {
        /// Whether it came with `W/` in front.
        package var isWeak: Bool
        /// Without that.
        package var tag: EntityTag

        package init(_ tag: EntityTag, isWeak: Bool = false) {
            self.tag = tag
            self.isWeak = isWeak
        }
    }

    /// `*`: there is a document at all.
    case any
    case listed([Listed])

    /// The most tags that a condition may list.
    private static let longest = 64

    /// Reads a header field's value.
    ///
    /// - Returns: nil when it is neither `*` nor a list of quoted tags. Several fields of the name are joined with commas
    ///   before (RFC 9110 §5.3).
    package init?(_ value: String) {
        var rest = value.utf8[...]
        var listed: [Listed] = []
        Self.skipSeparators(&rest)
        if rest.first == UInt8(ascii: "*") {
            rest.removeFirst()
            Self.skipSeparators(&rest)
            guard rest.isEmpty else { return nil }
            self = .any
            return
        }
        while !rest.isEmpty {
            let isWeak = rest.starts(with: "W/".utf8)
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.popFirst() == UInt8(ascii: "\""), let end = rest.firstIndex(of: UInt8(ascii: "\"")),
                let tag = EntityTag(String(Substring(rest[..<end]))), listed.count < Self.longest
            else { return nil }
            listed.append(Listed(tag, isWeak: isWeak))
            rest = rest[rest.index(after: end)...]
            guard rest.isEmpty || Self.skipSeparators(&rest) else { return nil }
        }
        guard !listed.isEmpty else { return nil }
        self = .listed(listed)
    }

    /// Passes over commas and white space; empty elements of a list mean nothing (RFC 9110 §5.6.1). Returns whether there
    /// was any.
    @discardableResult
    private static func skipSeparators(_ rest: inout Substring.UTF8View) -> Bool {
        let before = rest.count
        rest = rest.drop { $0 == UInt8(ascii: ",") || $0 == 32 || $0 == 9 }
        return rest.count < before
    }

    /// Whether the state that a document is in is among those named.
    ///
    /// - Parameters:
    ///   - current: nil when there is no document; then nothing matches.
    ///   - strongly: `If-Match` compares strongly, where a weak tag matches nothing; `If-None-Match` weakly
    ///     (RFC 9110 §8.8.3.2).
    func matches(_ current: EntityTag?, strongly: Bool) -> Bool {
        guard let current else { return false }
        return switch self {
        case .any: true
        case .listed(let listed): listed.contains { $0.tag == current && !(strongly && $0.isWeak) }
        }
    }
}
