import Presence
import Primitives
import SIPMessages
import SIPStack

/// The subscriptions that this node holds at other nodes for the watchers behind it: one for each resource and
/// node where it holds the user's account, else one for each watcher.
package struct BackEndSubscriptions: Sendable {
    package enum Action: Sendable {
        case sendRequest(RequestToken, SIPMessage, to: NextHop?)
        case respond(ServerTransactionID, SIPMessage)
        /// What the node notified of, for a watcher or for this node (nil), as it came.
        case notified(EventResource, watcher: AddressOfRecord?, source: NodeID, body: [UInt8], version: Int64)
        /// Whether the node still vouches for what it last said.
        case reachable(EventResource, source: NodeID, Bool)
        /// The node wants no subscription to this resource; `isRefused` when it is the watcher whom it does not want.
        case ended(EventResource, watcher: AddressOfRecord?, at: NodeID, isRefused: Bool)
    }

    package typealias Event = Subscriber.Event

    /// Short enough that a node that died without a word is noticed by a refresh.
    static let expires = Interval.seconds(300)

    private struct Place: Hashable, Comparable, Sendable {
        var resource: EventResource
        var node: NodeID
        /// Nil for this node itself.
        var watcher: AddressOfRecord?

        static func < (a: Place, b: Place) -> Bool {
            if a.resource != b.resource { return a.resource < b.resource }
            if a.node != b.node { return a.node < b.node }
            switch (a.watcher, b.watcher) {
            case (nil, let other): return other != nil
            case (_, nil): return false
            case (let first?, let second?): return first < second
            }
        }
    }

    private let nodeID: NodeID
    private var subscriber: Subscriber
    private var numbers: [Place: UInt64] = [:]
    private var places: [UInt64: Place] = [:]
    /// Those whose node does not vouch for what it said last.
    private var unreached: Set<Place> = []
    private var last: UInt64 = 0

    package init(nodeID: NodeID, random: RandomSource) {
        self.nodeID = nodeID
        subscriber = Subscriber(random: random)
    }

    package var nextDeadline: Instant? { subscriber.nextDeadline }

    /// Begins to watch a resource at a node, for a watcher or for this node.
    package mutating func subscribe(
        _ resource: EventResource, at node: NodeID, watcher: AddressOfRecord?, now: Instant,
        into actions: inout [Action]
    ) {
        let place = Place(resource: resource, node: node, watcher: watcher)
        guard numbers[place] == nil else { return }
        last += 1
        numbers[place] = last
        places[last] = place
        let target = SubscriptionTarget(
            resource: SIPURI(resource.user), watcher: watcher.map { SIPURI($0) } ?? OverlayHost.uri(of: nodeID),
            event: EventHeader(resource.package.rawValue), accept: [resource.package.documentType.essence],
            expires: Self.expires, contact: OverlayHost.uri(of: nodeID), nextHop: .node(node))
        handle(.subscribe(last, target), at: now, into: &actions)
    }

    package mutating func unsubscribe(
        _ resource: EventResource, at node: NodeID, watcher: AddressOfRecord?, now: Instant,
        into actions: inout [Action]
    ) {
        let place = Place(resource: resource, node: node, watcher: watcher)
        guard let number = numbers.removeValue(forKey: place) else { return }
        unreached.remove(place)
        handle(.unsubscribe(number), at: now, into: &actions)
    }

    /// The overlay lost contact with a node: what it said last is not vouched for until it speaks again. It may only be
    /// for a moment, so it is asked soon, not when a refresh is due.
    package mutating func lost(_ node: NodeID, at now: Instant, into actions: inout [Action]) {
        for place in numbers.keys.sorted() where place.node == node {
            unreached.insert(place)
            actions.append(.reachable(place.resource, source: node, false))
            handle(.hasten(numbers[place]!), at: now, into: &actions)
        }
    }

    /// The overlay is in contact with a node again: it is asked at once, however long ago it was given up.
    package mutating func found(_ node: NodeID, at now: Instant, into actions: inout [Action]) {
        for place in unreached.sorted() where place.node == node {
            if let number = numbers[place] { handle(.hasten(number), at: now, into: &actions) }
        }
    }

    package mutating func handle(_ event: Event, at now: Instant, into actions: inout [Action]) {
        var out: [Subscriber.Action] = []
        subscriber.handle(event, at: now, into: &out)
        for action in out {
            switch action {
            case .sendRequest(let token, let request, let hop):
                actions.append(.sendRequest(token, request, to: hop))
            case .respond(let id, let response): actions.append(.respond(id, response))
            case .needsCredentials(let number, _, _):
                // Sessions between nodes are authenticated: a node that challenges is not one of ours.
                handle(.credentials(number, nil), at: now, into: &actions)
            case .notified(let number, let notification): notified(number, notification, into: &actions)
            case .ended(let number, let end, let retry): ended(number, end, isRetried: retry != nil, into: &actions)
            }
        }
    }

    private mutating func notified(
        _ number: UInt64, _ notification: Subscriber.Notification, into actions: inout [Action]
    ) {
        guard let place = places[number], numbers[place] == number else { return }
        unreached.remove(place)
        actions.append(.reachable(place.resource, source: place.node, true))
        guard !notification.body.isEmpty, let version = notification.entityTag.flatMap({ Int64($0) }) else { return }
        actions.append(
            .notified(
                place.resource, watcher: place.watcher, source: place.node, body: notification.body,
                version: version))
    }

    private mutating func ended(
        _ number: UInt64, _ end: Subscriber.End, isRetried: Bool, into actions: inout [Action]
    ) {
        guard let place = places[number] else { return }
        if numbers[place] == number, end != .done {
            unreached.insert(place)
            actions.append(.reachable(place.resource, source: place.node, false))
        }
        guard !isRetried else { return }
        places[number] = nil
        if numbers[place] == number {
            numbers[place] = nil
            unreached.remove(place)
            let isRefused = end == .terminated(reason: "rejected") || end == .refused(status: 403)
            actions.append(
                .ended(place.resource, watcher: place.watcher, at: place.node, isRefused: isRefused))
        }
    }
}
