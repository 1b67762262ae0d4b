import Identity
import Primitives

extension Record {
    /// Throws unless the record may stand where it says: it has not ended, its signer may write there, and the
    /// signatures are right. Storing nodes and readers ask the same.
    ///
    /// What can be told without cryptography comes first, since anybody may send nonsense.
    ///
    /// - Parameter cache: remembers the outcome for the signatures, which are a thousand times dearer than the rest.
    package func verify(at now: Instant, cache: inout VerifiedRecords) throws(RecordRefusal) {
        guard notAfter > now else { throw .expired }
        guard notAfter <= now + kind.longestLifetime + Self.clockTolerance else { throw .lastsTooLong }
        if case .user(let certificate) = authority, certificate.notAfter < now { throw .expired }
        guard isAllowed else { throw .notAllowed }
        guard hasFitValue else { throw .unfitValue }
        if wasSignedHere { return }
        if let known = cache[digest] {
            guard known else { throw .forged }
            return
        }
        let isGenuine = hasGenuineSignatures(at: now, cache: &cache)
        cache.remember(digest, isGenuine: isGenuine)
        guard isGenuine else { throw .forged }
    }

    /// Clocks of nodes may differ by as much.
    static let clockTolerance = Interval.minutes(5)

    /// The rule of ``AccessRule`` for this kind (docs/protocol.md §4.4).
    private var isAllowed: Bool {
        switch (kind.accessRule, authority) {
        case (.domainMatch, .domain(let signer)): signer == domain
        case (.userMatch, .user(let certificate)): isOwner(certificate)
        case (.userNodeMatch, .user(let certificate)): isOwner(certificate) && key.count == 32
        case (.nodeMatch, .node(let signer)): key == signer.nodeID.bits.bytes
        case (.anyUser, .user(let certificate)):
            key.starts(with: certificate.signingKey.bytes) || (isTombstone && isOwner(certificate))
        default: false
        }
    }

    private func isOwner(_ certificate: UserCertificate) -> Bool {
        certificate.domainKey == domain && certificate.aor.user == name
    }

    /// A certificate record holds the certificate of the user whose name it bears; other values are the writer's
    /// business, and mostly encrypted.
    private var hasFitValue: Bool {
        guard kind == .certificate else { return true }
        guard key.isEmpty else { return false }
        if isTombstone { return true }
        guard let certificate = try? UserCertificate(decoding: value) else { return false }
        return isOwner(certificate)
    }

    /// A user changes their presence many times under one certificate, which is therefore remembered by itself.
    private func hasGenuineSignatures(at now: Instant, cache: inout VerifiedRecords) -> Bool {
        if case .user(let certificate) = authority {
            let digest = Hash.blake2b256(certificate.encode())
            if let known = cache[digest] {
                guard known else { return false }
            } else {
                var isGenuine = true
                do throws(CertificateError) { try certificate.verify(at: now) } catch { isGenuine = false }
                cache.remember(digest, isGenuine: isGenuine)
                guard isGenuine else { return false }
            }
        }
        return authority.signingKey.verify(signature, of: signedBytes)
    }
}
