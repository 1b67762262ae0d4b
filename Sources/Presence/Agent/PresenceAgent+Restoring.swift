import Primitives

/// After a restart: entity tags, dialogs and versions go on as if nothing had happened.
extension PresenceAgent {
    /// How many NOTIFYs a second are sent to watchers that were restored: all are told the current state, since the
    /// last change may have been kept but not told, and not all at the same moment.
    private static let restoredPerSecond = 1000

    /// How far ahead of this node's clock a version can be that it gave out before: clocks are set back by less.
    private static let maximumClockStep = Interval.hours(24)

    /// Lets no version from now on be as low as one that this node is known to have given out, as in a record of its
    /// own that outlived a restart: the clock may have been set back meanwhile.
    ///
    /// A version more than a day ahead of the clock is ignored, so that a wrong one doesn't stay in force for ever.
    package mutating func raiseVersion(to version: Int64, at now: Instant) {
        let highest = Int64(clamping: (now + Self.maximumClockStep).nanoseconds / 1_000)
        guard version <= highest else { return }
        lastVersion = max(lastVersion, version)
    }

    mutating func restore(
        _ room: PresenceRoom, _ key: [UInt8], _ value: [UInt8], at now: Instant, _ actions: inout [Action]
    ) {
        isRestoring = true
        do throws(MalformedBytes) {
            switch room {
            case .rules: try restoreRules(key, value)
            case .absence: try restoreAbsence(key, value)
            case .publication: add(try Publication(key: key, decoding: value))
            case .subscription: add(try Subscription(decoding: value), at: now)
            }
        } catch {
            // Rules stay where they are: the next time they must not let in everybody either.
            if room != .rules { actions.append(.forget(room, key: key)) }
            actions.append(.observe(.unreadable(room, reason: error.reason)))
        }
    }

    /// Rules that can't be read any more allow nobody anything: no rules at all might allow everybody.
    private mutating func restoreRules(_ key: [UInt8], _ value: [UInt8]) throws(MalformedBytes) {
        guard let user = AddressOfRecord(String(decoding: key, as: UTF8.self)) else {
            throw MalformedBytes("rules of nobody")
        }
        guard value != PresenceAuthorization.noRules else {
            withoutRules.insert(user)
            return
        }
        policies[user] = Policy(authorization: .unreadable)
        policies[user] = Policy(authorization: try PresenceAuthorization(decoding: value))
    }

    private mutating func add(_ publication: Publication) {
        guard publicationOwners.updateValue(publication.resource, forKey: publication.key) == nil else { return }
        lastVersion = max(lastVersion, publication.modified)
        resources[publication.resource, default: ResourceState()].publications.append(publication)
        deadlines.set(.publication(publication.key), to: publication.expires)
    }

    private mutating func add(_ subscription: Subscription, at now: Instant) {
        let place: WritableKeyPath<ResourceState, [UInt64]> =
            subscription.state.status == .waiting ? \.waiting : \.watchers
        let name = DialogName(callID: subscription.dialog.callID, remoteTag: subscription.dialog.remoteTag)
        guard !subscription.isLive || dialogs[name] == nil else { return }
        let number = nextNumber()
        subscriptions[number] = subscription
        sourceCounts[subscription.source, default: 0] += 1
        if subscription.list == nil {
            resources[subscription.resource, default: ResourceState()][keyPath: place].append(number)
        }
        deadlines.set(.subscription(number), to: subscription.expires)
        guard subscription.isLive else { return }
        dialogs[name] = number
        subscriptions[number]!.needsNotify = true
        pace(number, at: now)
        if subscription.package.isElsewhere, !subscription.isOverlay, subscription.list == nil {
            resources[subscription.resource]!.localWatchers += 1
            if isAsked(subscription.resource), case .authenticated(let watcher) = subscription.identity {
                resources[subscription.resource]!.asking[watcher, default: 0] += 1
            }
        }
        let position = subscriptions.count / Self.restoredPerSecond
        deadlines.set(.notify(number), to: now + configuration.restoredPause + .seconds(position))
    }

    /// Says what was restored, in an order that does not depend on the journal's.
    mutating func announceRestored(at now: Instant, _ actions: inout [Action]) {
        isRestoring = false
        forgetPhonesOfAbsent(&actions)
        for resource in resources.keys.sorted() {
            resources[resource]!.publications.sort { ($0.modified, $0.entityTag) < ($1.modified, $1.entityTag) }
            takeOwn(of: resource, at: now)
            if resources[resource]!.localWatchers > 0 { actions.append(.watchRemote(resource)) }
            if resource.package == .watcherInformation { watchingNodesMayBeOthers(of: resource, &actions) }
            for watcher in resources[resource]!.asking.keys.sorted() {
                actions.append(.ask(resource, for: watcher))
            }
        }
        for user in Set(resources.keys.map(\.user)).union(policies.keys).sorted() {
            rulesMayDecideAnew(for: user, at: now, &actions)
        }
        for resource in resources.keys.sorted() where resources[resource]?.publications.isEmpty == false {
            composeLocally(resource)
            announce(resource, at: now, &actions)
        }
        for number in subscriptions.keys.sorted() { followDocuments(of: subscriptions[number]!, number, &actions) }
        // The subscriptions behind lists were not kept: they begin anew, now that all rules are back.
        for number in subscriptions.keys.filter({ subscriptions[$0]?.list != nil }).sorted() {
            enrolMembers(of: number, at: now, &actions)
        }
    }
}
