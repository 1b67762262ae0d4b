extension SIPURI {
    /// Parameters that make two URIs differ when only one of them has them, even with their default value
    /// (RFC 3261 §19.1.4); all others count only when both have them.
    private static let decisiveParameters = ["user", "ttl", "method", "maddr"]

    /// Equality by RFC 3261 §19.1.4: user and password with regard to case, all else without; an omitted port is not the
    /// default port; parameters by the rule above; headers all of them, in any order.
    package func isEquivalent(to other: SIPURI) -> Bool {
        guard scheme == other.scheme else { return false }
        guard isSIP else { return opaque == other.opaque }
        let decoded = PercentEncoding.decoded
        guard user.map(decoded) == other.user.map(decoded), password.map(decoded) == other.password.map(decoded),
            ASCII.equalIgnoringCase(host, other.host) || (hostAddress != nil && hostAddress == other.hostAddress),
            port == other.port
        else { return false }
        for name in Self.decisiveParameters where (parameter(name) == nil) != (other.parameter(name) == nil) {
            return false
        }
        for parameter in parameters.list {
            guard let value = other.parameter(decoded(parameter.name)) else { continue }
            guard ASCII.equalIgnoringCase(decoded(parameter.text ?? ""), value) else { return false }
        }
        return Self.isSame(headers, other.headers)
    }

    private static func isSame(_ a: [Header], _ b: [Header]) -> Bool {
        let spelled = { (headers: [Header]) in
            headers.map {
                "\(PercentEncoding.decoded($0.name).lowercased())\n\(PercentEncoding.decoded($0.value))"
            }.sorted()
        }
        return a.count == b.count && spelled(a) == spelled(b)
    }
}
