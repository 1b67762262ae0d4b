import SIPMessages

extension Proxy {
    /// The Request-URI with which a request goes to a target, so that a SIPS URI never means less than it says.
    ///
    /// RFC 5630 §5.3: a request to a SIPS URI is only forwarded to a SIPS URI, and by an encrypted hop; one to a SIP URI
    /// never to a SIPS URI: a contact of that kind has its scheme replaced, and is still called by TLS alone.
    static func requestURI(
        _ target: SIPURI, of request: SIPMessage, by hop: NextHop
    ) throws(Obstacle) -> SIPURI {
        var uri = target
        switch (request.requestURI?.scheme, target.scheme) {
        case (.sips, .sips):
            guard hop.isEncrypted else { throw .sipsNotAllowed }
        case (.sips, .sip):
            // Another node is asked for the same user, and looks at the contacts itself.
            guard case .node = hop else { throw .sipsNotAllowed }
            uri.scheme = .sips
        case (.sip, .sips):
            guard hop.isEncrypted else { throw .sipsRequired }
            uri.scheme = .sip
        default:
            break
        }
        return uri
    }

    /// What a target that can't be called counts as having answered.
    mutating func answer(to request: SIPMessage, for obstacle: Obstacle, otherwise status: Int)
        -> BestResponse.Candidate
    {
        guard let warning = obstacle.warning else { return .assumed(status) }
        // RFC 3261 §20.43: who warns is named by a pseudonym, since a host name would tell nobody anything.
        let text = "\(warning.code) starling \"\(warning.text)\""
        return .received(request.response(480, toTag: random.token(12), headers: [(.warning, text)]))
    }
}

extension NextHop {
    /// Whether nobody on the way of this hop can read along.
    fileprivate var isEncrypted: Bool {
        switch self {
        case .flow(let flow): flow.transport.isEncrypted
        case .address(let transport, _): transport.isEncrypted
        case .node: true
        }
    }
}
