import Primitives

/// What a domain is: its name, the key that signs its users' certificates, and a secret that its nodes share, with
/// which they read what they store in the overlay for each other.
package struct DomainIdentity: Sendable, CustomStringConvertible, CustomReflectable {
    /// The host part of the domain's addresses of record, in lower case.
    package let name: String
    package let signing: SigningKeyPair
    package let memberKey: SymmetricKey

    package init(name: String, signing: SigningKeyPair, memberKey: SymmetricKey) {
        self.name = name.lowercased()
        self.signing = signing
        self.memberKey = memberKey
    }

    /// A domain that needs no registry: its name is its public key in base32.
    package init(selfCertifying signing: SigningKeyPair, memberKey: SymmetricKey) {
        self.init(name: signing.publicKey.text, signing: signing, memberKey: memberKey)
    }

    package var publicKey: PublicSigningKey { signing.publicKey }

    /// A certificate that the domain's key signs for one of its users.
    ///
    /// - Parameter serial: higher than that of every earlier certificate of the user: the highest one counts.
    package func certify(
        _ user: String, signingKey: PublicSigningKey, agreementKey: PublicAgreementKey, serial: UInt64,
        notAfter: Instant
    ) -> UserCertificate? {
        AddressOfRecord(user: user, host: name).map {
            UserCertificate(
                aor: $0, signingKey: signingKey, agreementKey: agreementKey, serial: serial, notAfter: notAfter,
                domain: signing)
        }
    }

    /// Version (1), name, seed of the signing key and member key: secret bytes.
    package func encode() -> [UInt8] {
        var writer = ByteWriter(reserving: 1 + 2 + name.utf8.count + 64)
        writer.uint8(1)
        writer.string16(name)
        writer.append(signing.seed)
        writer.append(memberKey.bytes)
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.uint8() == 1 else { throw MalformedBytes("a domain identity of an unknown version") }
        let name = try reader.string16()
        guard AddressOfRecord(user: "user", host: name)?.host == name else {
            throw MalformedBytes("the name of a domain identity is not a host in lower case")
        }
        let signing = SigningKeyPair(seed: Array(try reader.take(SigningKeyPair.seedLength)))
        let memberKey = SymmetricKey(Array(try reader.take(SymmetricKey.length)))
        try reader.end()
        self.init(name: name, signing: signing, memberKey: memberKey)
    }

    package var description: String { "domain \(name) (\(publicKey))" }
    package var customMirror: Mirror { Mirror(self, children: ["name": name, "publicKey": publicKey]) }
}
