import Identity
import Primitives

/// Brings a domain's or a user's keys from one node to another under an invitation (docs/protocol.md §5).
///
/// The session between the two is encrypted and has proved both keys; the secret proves that the asking node is
/// the one an operator meant. A secret works for one node alone and ends with its time.
package struct Enrolment: Sendable {
    package enum Action: Sendable {
        case send(EnrolmentMessage, to: PublicSigningKey, at: Endpoint)
        case persist(JournalEntry)
        case forget(JournalRoom, key: [UInt8])
        /// The invitation was honoured: take up these keys.
        case granted(Membership, Account?)
        case finished(CommandID, Reply)
        case observe(Observation)
    }

    /// More invitations than this are never open at one time.
    package static let maximumInvitations = 1000
    /// How long the inviting node has to answer.
    static let answerTime = Interval.seconds(10)

    private struct Asking: Sendable {
        var command: CommandID
        var invitation: Invitation
        var deadline: Instant
    }

    private var grants: [[UInt8]: InvitationGrant] = [:]
    private var asking: Asking?

    package init() {}

    package var nextDeadline: Instant? { asking?.deadline }

    package mutating func restore(_ entry: JournalEntry) throws(MalformedBytes) {
        grants[entry.key] = try InvitationGrant(decoding: entry.value)
    }

    // MARK: The inviting side

    /// Opens an invitation and gives the secret for it.
    package mutating func invite(
        _ subject: InvitationGrant.Subject, validFor validity: Interval, configuration: NodeConfiguration,
        identity: NodeIdentity, at now: Instant, random: inout RandomSource, into actions: inout [Action]
    ) throws(CommandFailure) -> (Invitation, Instant) {
        dropExpired(at: now, into: &actions)
        guard grants.count < Self.maximumInvitations else {
            throw CommandFailure("\(grants.count) invitations are open already; wait until some of them end")
        }
        guard validity > .zero, validity <= .hours(24 * 30) else {
            throw CommandFailure("an invitation is valid for 1 second to 30 days")
        }
        guard !configuration.overlay.address.isUnspecified else {
            throw CommandFailure(
                "other nodes can't reach this one at \(configuration.overlay); "
                    + "give the address that they can: --overlay ADDRESS:PORT")
        }
        let invitation = Invitation(
            network: configuration.network, node: identity.publicKey, endpoint: configuration.overlay,
            secret: random.bytes(Invitation.secretBytes))
        let grant = InvitationGrant(subject: subject, expires: now + validity)
        set(grant, id: invitation.id, into: &actions)
        return (invitation, grant.expires)
    }

    private mutating func set(_ grant: InvitationGrant, id: [UInt8], into actions: inout [Action]) {
        grants[id] = grant
        actions.append(.persist(JournalEntry(room: .invitation, key: id, value: grant.encode())))
    }

    private mutating func dropExpired(at now: Instant, into actions: inout [Action]) {
        for (id, grant) in grants.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) where grant.expires <= now {
            grants[id] = nil
            actions.append(.forget(.invitation, key: id))
        }
    }

    private mutating func answer(
        _ secret: [UInt8], from node: PublicSigningKey, at now: Instant, accounts: AccountUsage,
        into actions: inout [Action]
    ) -> EnrolmentMessage {
        let id = Hash.blake2b256(secret).bytes
        dropExpired(at: now, into: &actions)
        guard var grant = grants[id] else {
            return .refused(reason: "the invitation is unknown here, or its time is over; ask for a new one")
        }
        guard grant.usedBy == nil || grant.usedBy == node else {
            return .refused(reason: "the invitation has been used by another node; ask for a new one")
        }
        let answer: EnrolmentMessage
        switch grant.subject {
        case .domain(let name):
            guard let membership = accounts.memberships[name], membership.identity != nil else {
                return .refused(reason: "the inviting node is no gateway of \(name) any more")
            }
            answer = .domainGranted(membership: membership.encode())
        case .user(let addressOfRecord):
            guard let account = accounts.account(addressOfRecord),
                let membership = accounts.membership(of: addressOfRecord)
            else { return .refused(reason: "\(addressOfRecord) does not exist any more") }
            answer = .userGranted(
                membership: membership.withoutIdentity.encode(), account: account.encode())
        }
        grant.usedBy = node
        set(grant, id: id, into: &actions)
        actions.append(
            .observe(
                Observation(
                    .event, "invitation-used", "node \(node.nodeID) accepted the invitation to \(grant.subject)")))
        return answer
    }

    // MARK: The accepting side

    package mutating func accept(
        _ text: String, command: CommandID, network: String, at now: Instant, into actions: inout [Action]
    ) {
        guard asking == nil else {
            actions.append(.finished(command, .failed(reason: "another invitation is being accepted; try again")))
            return
        }
        do throws(MalformedBytes) {
            let invitation = try Invitation(text: text)
            guard invitation.network == network else {
                let reason =
                    "the invitation is to the overlay \"\(invitation.network)\", this node is in \"\(network)\"; "
                    + "add: --network \(invitation.network)"
                actions.append(.finished(command, .failed(reason: reason)))
                return
            }
            asking = Asking(command: command, invitation: invitation, deadline: now + Self.answerTime)
            actions.append(.send(.accept(secret: invitation.secret), to: invitation.node, at: invitation.endpoint))
        } catch {
            actions.append(.finished(command, .failed(reason: error.reason)))
        }
    }

    /// A message came in, within a session with `node`.
    package mutating func received(
        _ bytes: [UInt8], from node: PublicSigningKey, at endpoint: Endpoint, now: Instant, accounts: AccountUsage,
        into actions: inout [Action]
    ) {
        guard let message = try? EnrolmentMessage(decoding: bytes) else { return }
        if case .accept(let secret) = message {
            let reply = answer(secret, from: node, at: now, accounts: accounts, into: &actions)
            actions.append(.send(reply, to: node, at: endpoint))
            return
        }
        // Keys are taken from the node that was asked, and only while it is being asked.
        guard let asked = asking, asked.invitation.node == node else { return }
        asking = nil
        switch message {
        case .domainGranted(let bytes):
            finish(asked.command, membership: bytes, account: nil, accounts: accounts, at: now, into: &actions)
        case .userGranted(let bytes, let account):
            finish(asked.command, membership: bytes, account: account, accounts: accounts, at: now, into: &actions)
        case .refused(let reason):
            actions.append(.finished(asked.command, .failed(reason: "the inviting node refused: \(reason)")))
        case .accept: break
        }
    }

    private func finish(
        _ command: CommandID, membership: [UInt8], account: [UInt8]?, accounts: AccountUsage, at now: Instant,
        into actions: inout [Action]
    ) {
        do throws(MalformedBytes) {
            let membership = try Membership(decoding: membership)
            let account: Account? = if let account { try Account(decoding: account) } else { nil }
            if let fault = accounts.fault(in: membership, account, at: now) {
                actions.append(.finished(command, .failed(reason: "the invitation was not taken up: \(fault)")))
                return
            }
            actions.append(.granted(membership, account))
            let what = account.map { "speaks for \($0.addressOfRecord)" } ?? "is a gateway of \(membership.name)"
            actions.append(.finished(command, .done("this node \(what) now")))
        } catch {
            let reason = "the inviting node's answer can't be read (\(error)); is it of another version?"
            actions.append(.finished(command, .failed(reason: reason)))
        }
    }

    /// The inviting node could not be reached.
    package mutating func unreachable(_ node: PublicSigningKey, into actions: inout [Action]) {
        guard let asked = asking, asked.invitation.node == node else { return }
        asking = nil
        let reason =
            "the inviting node does not answer at \(asked.invitation.endpoint) (UDP); is it running, "
            + "and can this machine reach it?"
        actions.append(.finished(asked.command, .failed(reason: reason)))
    }

    package mutating func wake(at now: Instant, into actions: inout [Action]) {
        guard let asked = asking, asked.deadline <= now else { return }
        unreachable(asked.invitation.node, into: &actions)
    }
}
