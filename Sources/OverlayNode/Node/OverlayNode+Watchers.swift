import Identity
import Presence
import Primitives
import SIPMessages
import SIPStack

/// Who watches across the overlay, and how that is proved.
extension OverlayNode {
    /// The key of a user's domain: where this node is a member, or where the domain's name is its key.
    func domainKey(of addressOfRecord: AddressOfRecord) -> PublicSigningKey? {
        accounts.membership(of: addressOfRecord)?.key ?? configuration.domainKeys[addressOfRecord.host]
            ?? PublicSigningKey(text: addressOfRecord.host)
    }

    /// A SUBSCRIBE to another node bears the word of the user for whom it is, or when it is for this node, of the user
    /// whose account it holds.
    func withProof(_ request: SIPMessage, to hop: NextHop?, at now: Instant) -> SIPMessage {
        guard request.method == .subscribe, case .node(let publisher)? = hop,
            let from = try? request.from, let presentity = (try? request.to)?.uri.addressOfRecord,
            let account = accounts.account(from.uri.addressOfRecord ?? presentity)
        else { return request }
        let proof = WatcherProof(
            of: account, watching: presentity, from: identity.nodeID, to: publisher, at: now)
        return request.editing { $0.set(WatcherProof.header, proof.text) }
    }

    /// Whether a SUBSCRIBE comes from whom it says. From phones the SIP server has seen to that; a node of the overlay
    /// brings a user's word: the watcher's, or when it names none but itself, the presentity's own, which only a node has
    /// that holds the account. Else anybody could have themselves told when somebody calls, if not whom.
    func isProved(_ request: SIPMessage, on flow: Flow, at now: Instant) -> Bool {
        guard request.method == .subscribe, case .node(let node) = flow.remote,
            let from = try? request.from, let to = try? request.to
        else { return true }
        // Within a dialog To still names the presentity, and the Request-URI this node.
        guard let presentity = to.uri.addressOfRecord,
            to.tag != nil || request.requestURI?.addressOfRecord == presentity
        else { return false }
        let watcher = from.uri.addressOfRecord ?? presentity
        guard from.uri.addressOfRecord != nil || OverlayHost.node(named: from.uri.host) == node,
            let domain = domainKey(of: watcher), let text = request.value(WatcherProof.header)?.string,
            let proof = try? WatcherProof(text: text),
            proof.isValid(
                for: watcher, domain: domain, watching: presentity, from: node, to: identity.nodeID, at: now)
        else { return false }
        // A gateway knows who is a user of its domain, whatever certificates are still about.
        guard accounts.membership(of: watcher)?.identity != nil else { return true }
        return accounts.account(watcher)?.identity.publicKey == proof.certificate.signingKey
    }
}
