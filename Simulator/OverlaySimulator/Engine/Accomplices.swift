import Identity
import Kademlia
import Primitives

/// The nodes that lie, and what they tell.
struct Accomplices: Sendable {
    private let members: [ContactHandle]
    private let contacts: ContactDirectory
    private let users: SimulatedUsers
    /// Signs what the accomplices forge: a domain of their own.
    private let forger: DomainIdentity
    private let user: UserIdentity

    init(_ roles: [SimulatedRole], _ contacts: ContactDirectory, _ users: SimulatedUsers, random: RandomSource) {
        var random = random
        members = roles.indices.filter { roles[$0] == .liar }.map { ContactHandle(index: UInt32($0)) }
        self.contacts = contacts
        self.users = users
        let signing = SigningKeyPair(random: &random)
        forger = DomainIdentity(name: "example.org", signing: signing, memberKey: SymmetricKey(random: &random))
        user = UserIdentity(random: &random)
    }

    /// What a liar answers; nil when it says nothing.
    func lie(_ message: Message, from liar: ContactHandle, to asker: ContactHandle, at now: Instant) -> Message.Body? {
        switch message.body {
        case .ping: .pong(observed: contacts[asker].endpoint)
        case .findNodes(let target, _): .nodes(closest(to: target))
        case .fetch(let kind, let resource, _, _):
            .fetched(
                .init(
                    records: forged(kind, resource, at: now).map { [$0] } ?? [], hasMore: false,
                    closer: closest(to: resource.bits)))
        case .store(let record, _): .stored(refusal: nil, heldSequence: record.sequence)
        case .watch(_, let resource, _, let seconds):
            .watching(.init(seconds: seconds, summary: 0, closer: closest(to: resource.bits)))
        default: nil
        }
    }

    /// The accomplices closest to a target.
    private func closest(to target: Bits256) -> ContactList {
        var nearest: [(distance: Bits256, contact: ContactHandle)] = []
        for contact in members {
            let distance = contacts[contact].nodeID.bits ^ target
            if nearest.count == 16, distance >= nearest[15].distance { continue }
            let place = nearest.firstIndex { distance < $0.distance } ?? nearest.count
            nearest.insert((distance, contact), at: place)
            if nearest.count > 16 { nearest.removeLast() }
        }
        return ContactList(nearest.lazy.map(\.contact))
    }

    /// A record for a resource of a user under the genuine domain's name and an accomplice's signature.
    private func forged(_ kind: RecordKind, _ resource: ResourceID, at now: Instant) -> Record? {
        guard let number = users.user(of: resource, kind), kind == .registration || kind == .presence else {
            return nil
        }
        let name = users.name(ofUser: number)
        guard
            let certificate = forger.certify(
                name, signingKey: user.publicKey, agreementKey: user.agreement.publicKey, serial: 9,
                notAfter: now + .hours(24))
        else { return nil }
        return Record(
            kind: kind, domain: users.domainKey, name: name, key: contacts[members[0]].nodeID.bits.bytes,
            sequence: .max, notAfter: now + .hours(1), value: Array("forged".utf8), authority: .user(certificate),
            signingWith: user.signing)
    }
}
