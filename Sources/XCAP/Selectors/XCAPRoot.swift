/// The URI below which all documents lie (RFC 4825 §6.1).
package struct XCAPRoot: Hashable, Sendable, CustomStringConvertible {
    /// As configured, without a slash at the end.
    package let uri: String
    /// Its path; empty when the root is that of the host.
    package let path: String

    /// - Parameter uri: `https://xcap.example.com/root`; a query has no place in it.
    package init?(_ uri: String) {
        guard let path = Self.path(of: uri), !uri.contains("?") else { return nil }
        let extra = path.hasSuffix("/") ? 1 : 0
        self.uri = String(uri.dropLast(extra))
        self.path = String(path.dropLast(extra))
    }

    /// The URI.
    package var description: String { uri }

    /// The path below this root that an absolute HTTP URI leads to; nil when it leads elsewhere.
    ///
    /// The host is not compared: each gateway has its own, and all serve the same trees.
    func path(below uri: String) -> String? {
        guard let full = Self.path(of: uri), full.hasPrefix(path + "/") else { return nil }
        return String(full.dropFirst(path.count + 1).prefix { $0 != "?" && $0 != "#" })
    }

    /// The path below its root that an absolute HTTP URI leads to, whichever root that is: an application usage, then one
    /// of its trees (RFC 4825 §6.2). nil when it leads to no document of the usage.
    static func path(in uri: String, from auid: String) -> String? {
        guard let full = path(of: uri)?.prefix(while: { $0 != "?" && $0 != "#" }) else { return nil }
        let segments = full.split(separator: "/", omittingEmptySubsequences: false)
        let document = segments.prefix { PercentEncoding.decode($0) != "~~" }
        let place = document.indices.dropLast().first {
            PercentEncoding.decode(document[$0]) == auid
                && ["global", "users"].contains(PercentEncoding.decode(document[$0 + 1]))
        }
        return place.map { segments[$0...].joined(separator: "/") }
    }

    /// Whether a URI is an absolute one of HTTP.
    static func isAbsolute(_ uri: String) -> Bool { path(of: uri) != nil }

    private static func path(of uri: String) -> String? {
        let schemes = ["http://", "https://"]
        guard let scheme = schemes.first(where: { uri.lowercased().hasPrefix($0) }) else { return nil }
        let rest = uri.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        return authority.isEmpty ? nil : String(rest[authority.endIndex...])
    }
}
