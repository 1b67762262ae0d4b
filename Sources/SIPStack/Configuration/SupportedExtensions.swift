/// The option tags (RFC 3261 §19.2) that are understood here, in each role.
enum SupportedExtensions {
    /// For REGISTER (RFC 3327, RFC 5626, RFC 5627).
    static let registrar: Set<String> = ["path", "outbound", "gruu"]
    /// Nothing in Proxy-Require is served yet.
    static let proxy: Set<String> = []
    /// What an answer to OPTIONS names besides ``SIPServerConfiguration/eventExtensions``.
    static let all = ["path", "outbound", "gruu"]
}
