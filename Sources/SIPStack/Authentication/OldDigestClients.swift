import SIPMessages

/// Clients that break on a challenge with an algorithm they don't know, instead of passing it over.
///
/// RFC 8760 §2.3 lets a server offer several challenges and expects of a client to answer the first it supports. These
/// take the presence of any other than MD5 for an error and never register, in whatever order the challenges stand
/// (measured), so they get the MD5 challenge alone. This weakens nobody: whoever could put such a name into a request
/// on its way could as well take the SHA-256 challenge out of the answer.
enum OldDigestClients {
    /// How their User-Agent begins: baresip before version 3 gives up with "Function not implemented", SIPp exits.
    private static let names = ["baresip v0.", "baresip v1.", "baresip v2.", "SIPp"]

    /// Whether whoever sent `request` can be offered MD5 only.
    static func sent(_ request: SIPMessage) -> Bool {
        guard let agent = request.value(.userAgent)?.string else { return false }
        return names.contains { agent.hasPrefix($0) }
    }
}
