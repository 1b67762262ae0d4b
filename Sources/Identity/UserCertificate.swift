import Primitives

/// A domain's signed statement of which keys a user of it has.
package struct UserCertificate: Hashable, Sendable {
    package static let version: UInt8 = 1
    /// The most bytes an encoded certificate can have: two names of 255 bytes and the fields of fixed length.
    package static let maximumLength = 1 + 2 * (2 + 255) + 3 * 32 + 2 * 8 + Signature.length
    /// What the signed bytes begin with.
    private static let purpose = Array("starling certificate 1".utf8)

    package let aor: AddressOfRecord
    package let domainKey: PublicSigningKey
    package let signingKey: PublicSigningKey
    package let agreementKey: PublicAgreementKey
    /// Of two certificates of a user the one with the higher serial counts.
    package let serial: UInt64
    package let notAfter: Instant
    package let signature: Signature

    /// Signs a new certificate with the key pair of the domain.
    package init(
        aor: AddressOfRecord, signingKey: PublicSigningKey, agreementKey: PublicAgreementKey, serial: UInt64,
        notAfter: Instant, domain: SigningKeyPair
    ) {
        self.aor = aor
        domainKey = domain.publicKey
        self.signingKey = signingKey
        self.agreementKey = agreementKey
        self.serial = serial
        self.notAfter = notAfter
        signature = domain.sign(
            Self.purpose
                + Self.statement(
                    aor: aor, domainKey: domain.publicKey, signingKey: signingKey, agreementKey: agreementKey,
                    serial: serial, notAfter: notAfter))
    }

    /// Version, user, host, domain key, signing key, agreement key, serial, not-after, signature.
    package func encode() -> [UInt8] { statement + signature.bytes }

    /// Reads what ``encode()`` gave. The signature is not checked here.
    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        try self.init(reading: &reader)
        try reader.end()
    }

    /// Reads a certificate that stands among other fields.
    package init(reading reader: inout ByteReader) throws(MalformedBytes) {
        guard try reader.uint8() == Self.version else { throw MalformedBytes("a certificate of an unknown version") }
        let user = try reader.string16()
        let host = try reader.string16()
        guard let aor = AddressOfRecord(user: user, host: host), aor.host == host else {
            throw MalformedBytes("the address of a certificate is not canonical")
        }
        self.aor = aor
        domainKey = PublicSigningKey(try reader.take(32))!
        signingKey = PublicSigningKey(try reader.take(32))!
        agreementKey = PublicAgreementKey(try reader.take(32))!
        serial = try reader.uint64()
        notAfter = try reader.instant()
        signature = Signature(try reader.take(Signature.length))!
    }

    /// Throws unless the domain's key signed exactly this, its time is not over, and a host that is a key in base32
    /// is the domain's own. Whether the domain's key is the right one for any other host is for the caller to know.
    package func verify(at now: Instant) throws(CertificateError) {
        guard now <= notAfter else { throw .expired }
        if let claimed = PublicSigningKey(text: aor.host), claimed != domainKey { throw .foreignDomain }
        guard domainKey.verify(signature, of: Self.purpose + statement) else { throw .signature }
    }

    private var statement: [UInt8] {
        Self.statement(
            aor: aor, domainKey: domainKey, signingKey: signingKey, agreementKey: agreementKey, serial: serial,
            notAfter: notAfter)
    }

    private static func statement(
        aor: AddressOfRecord, domainKey: PublicSigningKey, signingKey: PublicSigningKey,
        agreementKey: PublicAgreementKey, serial: UInt64, notAfter: Instant
    ) -> [UInt8] {
        var writer = ByteWriter(reserving: maximumLength)
        writer.uint8(version)
        writer.string16(aor.user)
        writer.string16(aor.host)
        writer.append(domainKey.bytes)
        writer.append(signingKey.bytes)
        writer.append(agreementKey.bytes)
        writer.uint64(serial)
        writer.instant(notAfter)
        return writer.bytes
    }
}
