import Presence
import Primitives
import SIPMessages
import XCAP

/// The lists that users define, out of their documents (RFC 4826 §4), and subscriptions that have to wait for them.
extension DocumentUsage {
    /// How many members all lists of a user may have together.
    static let maximumListMembers = 8_192
    /// How long a SUBSCRIBE waits for its sender's documents: a client gives up after 32 s (RFC 3261 §17.1.2.2).
    static let holdTime = Interval.seconds(10)
    /// When it is tried again to load documents for which a SUBSCRIBE waits.
    static let heldRetryTime = Interval.seconds(1)
    /// SUBSCRIBEs that wait at one time, whoever's they are.
    static let maximumHeld = 4_096

    /// Says which lists a user has; nothing when they can't be read, so that the last good ones stay.
    mutating func tellLists(of user: AddressOfRecord, _ accounts: AccountUsage, into actions: inout [Action]) {
        guard let known = users[user] else { return }
        // RFC 4826 §4.4.7: services are defined in the document `index`, and in no other.
        let index = DocumentSelector(auid: RLSServicesUsage().auid, tree: .user(user), path: ["index"])
        guard let content = index.flatMap({ known[$0]?.content }) else {
            users[user]!.hasServices = false
            return actions.append(.lists(user, []))
        }
        do throws(ResourceListsError) {
            let services = services(try RLSServices.parse(content.bytes), of: user, known, accounts, into: &actions)
            users[user]!.hasServices = !services.isEmpty
            actions.append(.lists(user, services))
        } catch {
            actions.append(
                .observe(
                    Observation(
                        .warning, "lists-unreadable",
                        "the lists of \(user) can't be read, those before them stay in force: \(error)")))
        }
    }

    private func services(
        _ defined: [RLSService], of user: AddressOfRecord, _ known: UserDocuments, _ accounts: AccountUsage,
        into actions: inout [Action]
    ) -> [ListService] {
        var resolver = ListResolver(known, of: user)
        var room = Self.maximumListMembers
        var services: [ListService] = []
        for definition in defined {
            // RFC 4826 §4.4.5: the URI must be nobody's who exists. Whoever wrote the document was told so; but the user
            // may have come later, or the gateway that took the document did not know of them.
            guard let service = ListService(definition, resolving: { resolver.target(of: $0) }),
                service.uri.host == user.host, accounts.account(service.uri) == nil
            else {
                actions.append(
                    .observe(
                        Observation(
                            .debug, "list-ignored",
                            "a list of \(user) is left out: its URI is a user's, or not one of \(user.host)")))
                continue
            }
            guard service.members.count <= room else {
                actions.append(
                    .observe(
                        Observation(.warning, "lists-too-large", "lists of \(user) are left out: too many members")))
                break
            }
            room -= service.members.count
            services.append(service)
        }
        return services
    }

    // MARK: Waiting

    /// Lets a SUBSCRIBE through, once the documents of who sends it are known, where it may be for them or for a list in
    /// them.
    package mutating func admit(
        _ request: HeldSubscribe, accounts: AccountUsage, at now: Instant, into actions: inout [Action]
    ) {
        guard let sender = request.sender, let account = accounts.account(sender),
            isForDocuments(request, of: sender) || isForList(request, of: sender, accounts)
        else {
            return actions.append(.proceed(request))
        }
        guard heldCount < Self.maximumHeld, (users[sender]?.subscribes.count ?? 0) < UserDocuments.maximumWaiting,
            need(account, into: &actions)
        else { return actions.append(.refuse(request)) }
        guard !users[sender]!.isLoaded else {
            rest(sender, at: now)
            return actions.append(.proceed(request))
        }
        heldCount += 1
        users[sender]!.subscribes.append(request.until(now + Self.holdTime))
    }

    /// Whether a request may begin a subscription to changes of its sender's documents.
    private func isForDocuments(_ request: HeldSubscribe, of sender: AddressOfRecord) -> Bool {
        guard server != nil, request.flow.transport != .overlay, request.request.method == .subscribe,
            (try? request.request.to.tag) == nil, request.request.requestURI?.addressOfRecord == sender
        else { return false }
        return (try? request.request.event)??.package == EventPackage.documents.rawValue
    }

    /// Whether a request may begin a subscription to a list: it has one in it, which may name others, or is for nobody who
    /// exists. What comes from another node is for users alone, as lists are resolved where their subscribers are.
    private func isForList(_ request: HeldSubscribe, of sender: AddressOfRecord, _ accounts: AccountUsage) -> Bool {
        guard request.flow.transport != .overlay, request.request.method == .subscribe,
            (try? request.request.to.tag) == nil
        else { return false }
        guard !request.containsList, let target = request.request.requestURI?.addressOfRecord else {
            return request.containsList
        }
        return target.host == sender.host && accounts.account(target) == nil
    }

    /// Turns away whatever waits for a user's documents.
    mutating func refuseHeld(of user: AddressOfRecord, into actions: inout [Action]) {
        let held = users[user]?.subscribes ?? []
        heldCount -= held.count
        users[user]?.subscribes = []
        for held in held { actions.append(.refuse(held)) }
    }

    /// The documents of a user are there, or can't be had: what waited for them is let through, or turned away.
    mutating func releaseHeld(of user: AddressOfRecord, areLoaded: Bool, at now: Instant, into actions: inout [Action])
    {
        var kept: [HeldSubscribe] = []
        for held in users[user]?.subscribes ?? [] {
            if areLoaded || held.containsList {
                actions.append(.proceed(held))
            } else if held.deadline <= now {
                actions.append(.refuse(held))
            } else {
                kept.append(held)
                continue
            }
            heldCount -= 1
        }
        users[user]?.subscribes = kept
    }
}
