import Presence
import Primitives
import SIPMessages
import SIPStack

/// Publishing presence (RFC 3903) and watching that of others (RFC 6665, RFC 3856).
extension UserAgent {
    /// Buddies that one person has; each costs a subscription.
    private static let maximumWatches = 4_096

    static func makePublisher(_ configuration: UserAgentConfiguration, random: RandomSource) -> Publisher {
        Publisher(
            presentity: SIPURI(configuration.account), expires: .seconds(configuration.publicationExpires),
            random: random)
    }

    // MARK: publishing

    mutating func publish(_ state: OwnPresence, at now: Instant, into actions: inout [Action]) {
        presence.isPublicationNew = true
        let document = state.document(of: configuration.account, device: presence.device)
        drive(Publisher.Event.publish(document), at: now, into: &actions)
    }

    mutating func drive(_ event: Publisher.Event, at now: Instant, into actions: inout [Action]) {
        var out: [Publisher.Action] = []
        publisher.handle(event, at: now, into: &out)
        for action in out {
            switch action {
            case .sendRequest(let token, let request, let hop):
                sendForCore(request, for: .publication(token), to: hop, at: now, into: &actions)
            case .needsCredentials(_, let request):
                drive(.credentials(credentials(for: request)), at: now, into: &actions)
            case .published:
                if presence.isPublicationNew { actions.append(.published) }
                presence.isPublicationNew = false
            case .removed:
                presence.isPublicationNew = false
                actions.append(.unpublished)
            case .failed(let status, let retry):
                let reason = StatusCode.reasonPhrase(status)
                actions.append(.publicationFailed(status: status, reason: reason, retry: retry))
            }
        }
    }

    // MARK: watching

    mutating func watch(_ presentity: AddressOfRecord, at now: Instant, into actions: inout [Action]) {
        guard !presence.watched.values.contains(presentity) else { return }
        guard presence.watched.count < Self.maximumWatches else {
            actions.append(.watchEnded(presentity, reason: "too many are watched already", retry: nil))
            return
        }
        presence.lastWatch += 1
        presence.watched[presence.lastWatch] = presentity
        let target = SubscriptionTarget(
            resource: SIPURI(presentity), watcher: SIPURI(configuration.account),
            expires: .seconds(configuration.subscriptionExpires), contact: configuration.contact)
        drive(.subscribe(presence.lastWatch, target), at: now, into: &actions)
    }

    mutating func unwatch(_ presentity: AddressOfRecord, at now: Instant, into actions: inout [Action]) {
        guard let number = presence.watched.first(where: { $0.value == presentity })?.key else { return }
        drive(.unsubscribe(number), at: now, into: &actions)
    }

    mutating func drive(_ event: Subscriber.Event, at now: Instant, into actions: inout [Action]) {
        var out: [Subscriber.Action] = []
        subscriber.handle(event, at: now, into: &out)
        for action in out {
            switch action {
            case .sendRequest(let token, let request, let hop):
                sendForCore(request, for: .subscription(token), to: hop, at: now, into: &actions)
            case .respond(let id, let response): drive(.respond(id, response), at: now, into: &actions)
            case .needsCredentials(let number, _, let request):
                drive(.credentials(number, credentials(for: request)), at: now, into: &actions)
            case .notified(let number, let notification): notified(number, notification, into: &actions)
            case .ended(let number, let end, let retry): ended(number, end, retry: retry, into: &actions)
            }
        }
    }

    private mutating func notified(
        _ number: UInt64, _ notification: Subscriber.Notification, into actions: inout [Action]
    ) {
        guard let presentity = presence.watched[number] else { return }
        if notification.state != .terminated, presence.confirmed.insert(number).inserted {
            actions.append(.watching(presentity))
        }
        // RFC 3856 §6.8: a NOTIFY without a body changes nothing of what is known.
        guard !notification.body.isEmpty, notification.contentType == PIDF.contentType else { return }
        // RFC 3856 §6.8: a document that can't be read is as good as none; the notifier has done its part.
        guard let document = try? PresenceDocument(parsing: notification.body) else { return }
        actions.append(
            .presenceOf(
                presentity, document: notification.body, isOpen: document.basic.map { $0 == .open },
                note: document.note))
    }

    private mutating func ended(
        _ number: UInt64, _ end: Subscriber.End, retry: Instant?, into actions: inout [Action]
    ) {
        presence.confirmed.remove(number)
        guard let presentity = presence.watched[number] else { return }
        if retry == nil { presence.watched[number] = nil }
        let reason =
            switch end {
            case .done: "ended"
            case .terminated(let reason): "ended by the notifier" + (reason.map { ": \($0)" } ?? "")
            case .refused(let status): "\(status) \(StatusCode.reasonPhrase(status))"
            case .noNotify: "no NOTIFY came"
            case .expired: "could not be refreshed in time"
            }
        actions.append(.watchEnded(presentity, reason: reason, retry: retry))
    }

    // MARK: requests of both

    /// Sends what a core made: outside a dialog through the own server.
    private mutating func sendForCore(
        _ request: SIPMessage, for purpose: OutstandingRequest.Purpose, to hop: NextHop?, at now: Instant,
        into actions: inout [Action]
    ) {
        var routed = request
        if (try? request.to)?.tag == nil {
            let routes = routes
            routed = request.editing { edit in for (name, value) in routes { edit.append(name, value) } }
        }
        send(routed, for: purpose, to: hop, at: now, into: &actions)
    }

    /// The credentials to repeat a challenged request with; nil when there are none that could help.
    private mutating func credentials(for request: SIPMessage) -> [CredentialField]? {
        guard presence.isChallengeAnswerable else { return nil }
        let authorized = digest.authorized(request)
        return authorized.headerFields
            .filter { $0.name == .authorization || $0.name == .proxyAuthorization }
            .map { CredentialField($0.name, $0.value.string) }
    }
}
