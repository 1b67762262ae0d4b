/// The option tags (RFC 3261 §19.2) that are understood here, in each role.
enum SupportedExtensions {
    /// For REGISTER (RFC 3327).
    static let registrar: Set<String> = ["path"]
    /// Nothing in Proxy-Require is served yet.
    static let proxy: Set<String> = []
    /// What an answer to OPTIONS names besides ``SIPServerConfiguration/eventExtensions``.
    static let all = ["path"]
}
