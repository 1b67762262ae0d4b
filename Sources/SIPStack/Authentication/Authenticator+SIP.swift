import Primitives
import SIPMessages

extension Authenticator {
    /// Checks the credentials of a SIP request.
    ///
    /// - Parameters:
    ///   - realm: the domain whose users are asked.
    ///   - remote: where the request came from, for the back-off.
    ///   - tag: for To in an answer. That is not always remembered, so the same request should get the same.
    package mutating func authenticate(
        _ request: SIPMessage, as role: ChallengeRole, realm: String, from remote: Remote, toTag tag: () -> String,
        at now: Instant
    ) -> AuthenticationOutcome {
        // A proxy on the way may have written another Request-URI (RFC 3261 §22.4), so it is not compared.
        let digest = DigestRequest(
            method: request.method?.description ?? "", uri: nil, credentials: request.values(role.credentialsHeader),
            address: remote.address ?? .any, isLimitedToMD5: OldDigestClients.sent(request))
        switch authenticate(digest, realm: realm, at: now) {
        case .authenticated(let user): return .authenticated(user)
        case .challenged(let challenges, let failedFor):
            let headers = challenges.map { (role.challengeHeader, $0) }
            let response = request.response(role.status, toTag: tag(), headers: headers)
            return .refused(response, failedFor: failedFor)
        case .malformed:
            return .refused(request.response(400, "Malformed credentials", toTag: tag()), failedFor: nil)
        }
    }
}
