import Identity
import Kademlia
import Presence
import Primitives

/// What people ask of the node through its control socket.
extension OverlayNode {
    /// Lookups and watches for people under way at one time.
    private static let maximumInquiries = 256

    mutating func perform(_ command: Command, _ id: CommandID, at now: Instant, into actions: inout [Action]) {
        do throws(CommandFailure) {
            if command.needsOverlay, startedAt == nil {
                throw CommandFailure("the node is not running; type: starling run")
            }
            if let reply = try carryOut(command, id, at: now, into: &actions) {
                actions.append(.reply(id, reply, isLast: true))
            }
        } catch {
            actions.append(.reply(id, .failed(reason: error.description), isLast: true))
        }
    }

    /// - Returns: the reply, or nil when it comes later.
    private mutating func carryOut(
        _ command: Command, _ id: CommandID, at now: Instant, into actions: inout [Action]
    ) throws(CommandFailure) -> Reply? {
        switch command {
        case .status: return .status(status(at: now))
        case .lookUp(let text, let isTraced):
            try beginInquiry(text, id, isTraced: isTraced ?? false, at: now, into: &actions)
        case .watch(let text): try beginWatch(text, id, at: now, into: &actions)
        case .accept(let text):
            var out: [Enrolment.Action] = []
            enrolment.accept(text, command: id, network: configuration.network, at: now, into: &out)
            route(out, at: now, into: &actions)
        case .presenceShow(let text): return .presenceShown(try presenceOverview(of: text, at: now))
        case .subscriptionList(let text): return .subscriptions(try subscriptionsReport(text))
        case .subscriptionEnd(let number, let isRejected):
            return try endSubscription(number, isRejected: isRejected, at: now, into: &actions)
        case .domainList: return .domains(accounts.sortedMemberships.map(report))
        case .userList: return .users(accounts.accounts.keys.sorted().map { report(accounts.accounts[$0]!) })
        case .domainInvite(let name, let seconds):
            let name = name.lowercased()
            guard let membership = accounts.memberships[name], membership.identity != nil else {
                throw CommandFailure("this node is no gateway of \(name); type: starling domain list")
            }
            return try invite(.domain(name), seconds: seconds, at: now, into: &actions)
        case .userInvite(let text, let seconds):
            guard let addressOfRecord = AddressOfRecord(text), accounts.account(addressOfRecord) != nil else {
                throw CommandFailure("there is no user \(text); type: starling user list")
            }
            return try invite(.user(addressOfRecord), seconds: seconds, at: now, into: &actions)
        case .domainCreate, .userAdd, .userRemove, .userPassword:
            return try changeAccounts(command, at: now, into: &actions)
        }
        return nil
    }

    private mutating func changeAccounts(
        _ command: Command, at now: Instant, into actions: inout [Action]
    ) throws(CommandFailure) -> Reply? {
        var out: [AccountUsage.Action] = []
        let reply: Reply
        switch command {
        case .domainCreate(let name):
            try accounts.createDomain(name, random: &random, into: &out)
            reply = .done(
                "the domain \(name.lowercased()) exists; add a user: starling user add alice@\(name.lowercased())")
        case .userAdd(let text, let password):
            let (addressOfRecord, password) = try accounts.addUser(
                text, password: password, at: now, random: &random, into: &out)
            reply = .password(addressOfRecord: addressOfRecord.description, password: password)
        case .userPassword(let text, let password):
            let (addressOfRecord, password) = try accounts.changePassword(
                text, password: password, at: now, random: &random, into: &out)
            reply = .password(addressOfRecord: addressOfRecord.description, password: password)
        case .userRemove(let text):
            reply = .done("\(try accounts.removeUser(text, at: now, into: &out)) is removed")
        default: return nil
        }
        route(out, at: now, into: &actions)
        return reply
    }

    private mutating func invite(
        _ subject: InvitationGrant.Subject, seconds: Int, at now: Instant, into actions: inout [Action]
    ) throws(CommandFailure) -> Reply {
        var out: [Enrolment.Action] = []
        let (invitation, expires) = try enrolment.invite(
            subject, validFor: .seconds(seconds), configuration: configuration, identity: identity, at: now,
            random: &random, into: &out)
        route(out, at: now, into: &actions)
        return .invitation(secret: invitation.text, expires: expires.secondsSince1970)
    }

    private func known(_ text: String) throws(CommandFailure) -> (AddressOfRecord, PublicSigningKey) {
        guard let addressOfRecord = AddressOfRecord(text) else {
            throw CommandFailure("\"\(text)\" is not an address-of-record; one looks like alice@example.org")
        }
        guard let domain = domainKey(of: addressOfRecord) else {
            throw CommandFailure("this node does not know the key of the domain \(addressOfRecord.host)")
        }
        guard inquiries.count + audience.count < Self.maximumInquiries else {
            throw CommandFailure("too many lookups and watches are under way; try again later")
        }
        return (addressOfRecord, domain)
    }

    // MARK: lookup

    private mutating func beginInquiry(
        _ text: String, _ id: CommandID, isTraced: Bool, at now: Instant, into actions: inout [Action]
    ) throws(CommandFailure) {
        let (addressOfRecord, domain) = try known(text)
        let inquiry = Inquiry(
            addressOfRecord, domain: domain, account: accounts.account(addressOfRecord), isTraced: isTraced,
            nodeID: identity.nodeID)
        inquiries[id] = inquiry
        for kind in Inquiry.kinds {
            drive(
                .lookUp(newLookup(.command(id, kind)), kind, inquiry.resource(kind), LookupOptions(isTraced: isTraced)),
                at: now,
                into: &actions)
        }
    }

    mutating func foundForCommand(
        _ id: CommandID, _ kind: RecordKind, _ outcome: LookupOutcome, at now: Instant, into actions: inout [Action]
    ) {
        guard var inquiry = inquiries[id] else { return }
        inquiry.found(kind, outcome, at: now)
        guard inquiry.isComplete else {
            inquiries[id] = inquiry
            return
        }
        inquiries[id] = nil
        if !inquiry.documents.isEmpty {
            inquiry.report.presence = PresenceReport(inquiry.addressOfRecord, composing: inquiry.documents)
        }
        actions.append(.reply(id, .lookUp(inquiry.report), isLast: true))
    }

    // MARK: watch

    private mutating func beginWatch(
        _ text: String, _ id: CommandID, at now: Instant, into actions: inout [Action]
    ) throws(CommandFailure) {
        let (addressOfRecord, _) = try known(text)
        let isFirst = audience[addressOfRecord]?.isEmpty ?? true
        audience[addressOfRecord, default: []].insert(id)
        if isFirst {
            // A plain node watches as its user; a gateway's operator is none.
            let watcher = configuration.isGateway ? nil : accounts.accounts.keys.min()
            drive(.watchLocally(addressOfRecord, as: watcher), at: now, into: &actions)
        } else if let document = presence.document(of: addressOfRecord) {
            let report = PresenceReport(addressOfRecord, document: document)
            actions.append(.reply(id, .presence(report), isLast: false))
        }
    }

    mutating func composed(_ addressOfRecord: AddressOfRecord, _ document: [UInt8], into actions: inout [Action]) {
        let report = PresenceReport(addressOfRecord, document: document)
        for id in (audience[addressOfRecord] ?? []).sorted(by: { $0.value < $1.value }) {
            actions.append(.reply(id, .presence(report), isLast: false))
        }
    }

    mutating func cancel(_ id: CommandID, at now: Instant, into actions: inout [Action]) {
        inquiries[id] = nil
        for (addressOfRecord, ids) in audience.sorted(by: { $0.key < $1.key }) where ids.contains(id) {
            audience[addressOfRecord]!.remove(id)
            if audience[addressOfRecord]!.isEmpty {
                audience[addressOfRecord] = nil
                drive(.unwatchLocally(addressOfRecord), at: now, into: &actions)
            }
        }
    }

    // MARK: Reports

    private func report(_ membership: Membership) -> DomainReport {
        DomainReport(
            name: membership.name, key: membership.key.text, isGateway: membership.identity != nil,
            users: accounts.accounts.keys.count { $0.host == membership.name })
    }

    private func report(_ account: Account) -> UserReport {
        UserReport(
            addressOfRecord: account.addressOfRecord.description, serial: account.certificate.serial,
            notAfter: account.certificate.notAfter.secondsSince1970)
    }

    private func traffic(at now: Instant) -> TrafficReport {
        let rates = kademlia.requestRates(at: now)
        let totals = kademlia.requestTotals
        return TrafficReport(
            receivedPerSecond: rates.received, sentPerSecond: rates.sent, received: totals.received,
            sent: totals.sent, droppedByLimits: totals.dropped + counters["datagram-limited", default: 0])
    }

    private func status(at now: Instant) -> StatusReport {
        StatusReport(
            nodeID: identity.nodeID.text, network: configuration.network,
            overlayEndpoint: configuration.overlay.description, isGateway: configuration.isGateway,
            startedAt: (startedAt ?? now).secondsSince1970,
            sipListeners: configuration.sipListeners.map { "\($0.transport.rawValue):\($0.endpoint)" },
            domains: accounts.sortedMemberships.map(report), reachability: "\(kademlia.reachability)",
            observedEndpoint: kademlia.ownEndpoint?.description, contacts: kademlia.contactCount,
            buckets: kademlia.bucketCounts, estimatedNodes: kademlia.overlaySize, sessions: sessions.associationCount,
            recordsByKind: Dictionary(
                uniqueKeysWithValues: kademlia.recordCounts.map { ("\($0.key)", $0.value) }),
            recordBytes: kademlia.heldRecords.bytes, cachedResources: kademlia.cachedResources,
            traffic: traffic(at: now),
            watches: watches.count, leases: kademlia.leaseCount, registeredUsers: server.registeredCount,
            transactions: server.transactionCount, publications: presence.publicationCount,
            subscriptions: presence.subscriptionCount, counters: counters)
    }
}
