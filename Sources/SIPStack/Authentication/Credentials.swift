/// What a server keeps of a user's password: one digest of A1 for each algorithm, never the password.
package struct Credentials: Hashable, Sendable, CustomStringConvertible {
    /// The user name of the digest, which most phones take from the address of record's user part.
    package var user: String
    /// H(user:realm:password) by SHA-256, 64 hexadecimal digits.
    package var ha1SHA256: [UInt8]
    /// The same by MD5, 32 hexadecimal digits.
    package var ha1MD5: [UInt8]

    package init(user: String, ha1SHA256: [UInt8], ha1MD5: [UInt8]) {
        self.user = user
        self.ha1SHA256 = ha1SHA256
        self.ha1MD5 = ha1MD5
    }

    /// Digests a password for a realm.
    package init(user: String, realm: String, password: String) {
        self.user = user
        ha1SHA256 = DigestResponse.ha1(.sha256, user: user, realm: realm, password: password)
        ha1MD5 = DigestResponse.ha1(.md5, user: user, realm: realm, password: password)
    }

    /// Never the digests: whoever has one can answer challenges.
    package var description: String { "Credentials(\(user))" }
}
