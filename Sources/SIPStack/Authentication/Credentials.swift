import Primitives

/// What a server keeps of a user's password: one digest of A1 for each algorithm, never the password.
package struct Credentials: Hashable, Sendable, CustomStringConvertible {
    /// H(user:realm:password) for one spelling of the user's name.
    package struct Digests: Hashable, Sendable {
        /// By SHA-256, 64 hexadecimal digits.
        package var sha256: [UInt8]
        /// By MD5, 32 hexadecimal digits.
        package var md5: [UInt8]

        package init(sha256: [UInt8], md5: [UInt8]) {
            self.sha256 = sha256
            self.md5 = md5
        }

        fileprivate init(user: String, realm: String, password: String) {
            sha256 = DigestResponse.ha1(.sha256, user: user, realm: realm, password: password)
            md5 = DigestResponse.ha1(.md5, user: user, realm: realm, password: password)
        }
    }

    /// The user name of the digest, which most phones take from the address of record's user part.
    package var user: String
    /// For the user part as user name.
    package var short: Digests
    /// For the whole address of record as user name, as in `bob@example.org`, which XCAP clients send; nil for a password
    /// that was set when only the others were kept.
    package var full: Digests?

    package init(user: String, short: Digests, full: Digests?) {
        self.user = user
        self.short = short
        self.full = full
    }

    /// Digests a password for a realm.
    package init(user: String, realm: String, password: String) {
        self.init(
            user: user, short: Digests(user: user, realm: realm, password: password),
            full: Digests(user: "\(user)@\(realm)", realm: realm, password: password))
    }

    /// The digests for a user name as it stands in credentials; nil when it is none of these.
    func digests(for name: String, of aor: AddressOfRecord) -> Digests? {
        name == user ? short : name == aor.description ? full : nil
    }

    /// Never the digests: whoever has one can answer challenges.
    package var description: String { "Credentials(\(user))" }
}
