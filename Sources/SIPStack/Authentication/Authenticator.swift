import Primitives
import SIPMessages

/// Digest authentication of requests (RFC 3261 §22, RFC 7616, RFC 8760).
///
/// Nonces are not remembered until one has been used with the right password; an unknown user costs the same work
/// and gets the same answer as a wrong password.
package struct Authenticator: Sendable {
    /// How long a nonce is good, before `stale=true` asks for the next.
    private static let nonceLifetime = Interval.minutes(30)
    /// More credentials than this in one request are not looked at: a few realms on the way are normal.
    private static let maximumCredentials = 8

    private var accounts: [AddressOfRecord: Credentials] = [:]
    private var nonces: NonceSource
    private var uses = NonceUses()
    private var backOff = FailureBackOff()
    /// Stands in for the digest of users that don't exist.
    private let absentKey: [UInt8]

    /// - Parameter secret: at least 32 secret bytes; nonces stay good over a restart when it is kept.
    package init(secret: [UInt8], random: inout RandomSource) {
        nonces = NonceSource(
            key: Digest.hmacSHA256(key: secret, Array("nonce".utf8)), lifetime: Self.nonceLifetime,
            random: &random)
        absentKey = Digest.hmacSHA256(key: secret, Array("absent".utf8))
    }

    /// Sets what a user's password must fit; nil removes the user.
    package mutating func setCredentials(_ credentials: Credentials?, of aor: AddressOfRecord) {
        accounts[aor] = credentials
    }

    package func isKnown(_ aor: AddressOfRecord) -> Bool { accounts[aor] != nil }

    /// Checks the credentials of a request of any protocol.
    ///
    /// - Parameter realm: the domain whose users are asked, for which their digests were made. A name in the credentials
    ///   that names no other domain is of this one.
    package mutating func authenticate(_ request: DigestRequest, realm: String, at now: Instant) -> DigestOutcome {
        var own: AuthHeader?
        for text in request.credentials.prefix(Self.maximumCredentials) {
            // RFC 3261 §22.3: only the credentials for our own realm are ours to read; the others are another's.
            guard let header = try? AuthHeader(text) else { continue }
            if header.isDigest, header["realm"] == realm {
                own = header
                break
            }
        }
        guard let own else { return challenge(request, realm, isStale: false, failedFor: nil, at: now) }
        // RFC 7616 §3.4, RFC 3261 §22.4: missing parameters make the credentials a bad request.
        guard let attempt = Attempt(own, method: request.method) else { return .malformed }
        // RFC 7616 §3.4.6: the URI in the credentials is that of the request, or they would open other resources as well.
        guard request.uri == nil || request.uri == attempt.uri else { return .malformed }
        return check(attempt, of: request, realm: realm, at: now)
    }

    private mutating func check(
        _ attempt: Attempt, of request: DigestRequest, realm: String, at now: Instant
    ) -> DigestOutcome {
        let aor = AddressOfRecord(attempt.user) ?? AddressOfRecord(user: attempt.user, host: realm)
        let name = aor?.description ?? attempt.user
        guard !backOff.isHeld(user: name, from: request.address, at: now) else {
            return challenge(request, realm, isStale: false, failedFor: aor, at: now)
        }
        // RFC 7616 §3.3: stale tells the client that its nonce is no longer good and that it may try again by itself.
        // The response is not looked at: a stale answer that depended on it would tell whether a guess was right.
        guard let nonce = nonces.open(attempt.nonce, realm: realm, at: now), !nonce.isExpired else {
            return challenge(request, realm, isStale: true, failedFor: nil, at: now)
        }
        guard isRight(attempt, aor), let aor else {
            backOff.noteFailure(user: name, from: request.address, at: now)
            return challenge(request, realm, isStale: false, failedFor: aor, at: now)
        }
        // RFC 7616 §3.4: a nonce count that has been seen is a replay, or a client that doesn't count: either way
        // another nonce is needed.
        guard uses.note(NonceUses.Key(issued: nonce.issued, serial: nonce.serial), nonceCount: attempt.nonceCount)
        else { return challenge(request, realm, isStale: true, failedFor: nil, at: now) }
        backOff.noteSuccess(user: name, from: request.address)
        return .authenticated(aor)
    }

    /// Whether the response is the one that the user's password gives. For a user that does not exist the same is
    /// computed over a digest that nobody knows.
    private func isRight(_ attempt: Attempt, _ aor: AddressOfRecord?) -> Bool {
        let known = aor.flatMap { accounts[$0]?.digests(for: attempt.user, of: $0) }
        let absent = DigestAlgorithm.hex(Digest.hmacSHA256(key: absentKey, Array(attempt.user.utf8)))
        let ha1: [UInt8]
        switch attempt.algorithm {
        case .sha256: ha1 = known?.sha256 ?? absent
        case .md5: ha1 = known?.md5 ?? Array(absent.prefix(32))
        case .sha512_256: return false
        }
        let expected = DigestResponse.response(
            attempt.algorithm, ha1: ha1, method: attempt.method, uri: attempt.uri, nonce: attempt.nonce,
            quality: attempt.quality)
        let isEqual = Digest.areEqual(expected, attempt.response)
        return isEqual && known != nil
    }

    private mutating func challenge(
        _ request: DigestRequest, _ realm: String, isStale: Bool, failedFor aor: AddressOfRecord?, at now: Instant
    ) -> DigestOutcome {
        let nonce = nonces.issue(realm: realm, at: now)
        // RFC 8760 §2.3: one challenge for each algorithm, the preferred first; MD5 only for those that lack SHA-256.
        let algorithms: [DigestAlgorithm] = request.isLimitedToMD5 ? [.md5] : [.sha256, .md5]
        let challenges = algorithms.map { algorithm in
            var header = AuthHeader()
            header.setQuoted("realm", realm)
            header.setQuoted("nonce", nonce)
            header.set("algorithm", algorithm.rawValue)
            header.setQuoted("qop", "auth")
            if isStale { header.set("stale", "true") }
            return header.text
        }
        return .challenged(challenges, failedFor: aor)
    }

    /// The parameters of one set of credentials that can be checked.
    private struct Attempt {
        var user: String
        var nonce: String
        var uri: String
        var method: String
        var algorithm: DigestAlgorithm
        var response: [UInt8]
        var quality: DigestResponse.Quality?
        var nonceCount: UInt32?

        init?(_ header: AuthHeader, method: String) {
            guard let user = header["username"], let nonce = header["nonce"], let uri = header["uri"],
                let response = header["response"],
                let algorithm = DigestAlgorithm(named: header["algorithm"])
            else { return nil }
            self.user = user
            self.nonce = nonce
            self.uri = uri
            self.method = method
            self.algorithm = algorithm
            self.response = Array(response.lowercased().utf8)
            // RFC 7616 §3.4: a client that chose a qop sends nc and cnonce; one of RFC 2069 sends none of the three.
            guard let chosen = header["qop"] else { return }
            guard chosen.lowercased() == "auth", let count = header["nc"], count.utf8.count == 8,
                let number = UInt32(count, radix: 16), let clientNonce = header["cnonce"]
            else { return nil }
            quality = DigestResponse.Quality(nonceCount: count, clientNonce: clientNonce)
            nonceCount = number
        }
    }
}
