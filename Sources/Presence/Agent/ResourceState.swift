import Primitives

/// All that is known here of one resource: what is published, what other nodes say, and who watches.
struct ResourceState: Sendable {
    /// In the order in which they were first published.
    var publications: [Publication] = []
    /// Subscriptions by their numbers, ascending: the order in which they came.
    var watchers: [UInt64] = []
    /// Who tried to watch while nobody decided about it: subscriptions that have ended, by their numbers.
    var waiting: [UInt64] = []
    /// How many of the watchers are this node's own and see what other nodes say too.
    var localWatchers = 0
    /// Whether the agent's owner watches without a subscription; counts among ``localWatchers``.
    var hasAudience = false
    /// How many subscriptions each of them has, where the rules are known elsewhere alone.
    var asking: [AddressOfRecord: Int] = [:]
    /// The classes of watchers elsewhere for whom variants are in what was announced last.
    var sealedClasses: [PresencePermissions] = []
    /// As whom the agent's owner watches, if that matters.
    var audience: AddressOfRecord?
    /// By source, then by watcher, ascending.
    var remotes: [RemoteSource] = []
    /// What this node knows of the resource by itself, without a publication.
    var own: OwnState?
    /// What is said of the user wherever they are: it counts beside all else, and is no sign of them.
    var lasting: [OwnState] = []
    /// Whether other nodes have seen the user.
    var isSeenElsewhere = false
    /// Of ``localDocument``; never goes back.
    var localVersion: Int64 = 0
    /// The composed document of what is published here; nil when nothing is. It is for nodes that know what lasts by
    /// themselves.
    var localDocument: [UInt8]?
    /// The same with what lasts, for those who watch elsewhere and know nothing else of the user.
    var outsideDocument: [UInt8]? {
        didSet { if outsideDocument != oldValue { outsideViews = [:] } }
    }
    /// What is left of it for those of them who may not see everything.
    var outsideViews: [PresencePermissions: [UInt8]] = [:]
    /// What this node's own watchers are shown; nil when it has yet to be composed.
    var shownDocument: [UInt8]? {
        didSet { if shownDocument != oldValue { views = [:] } }
    }
    /// What is left of it for those who may not see everything, for each class of them that was told.
    var views: [PresencePermissions: [UInt8]] = [:]
    /// What was last told of it in place of whole documents.
    var changes = PresenceChanges()

    /// Whether nobody asks for it, and nothing is published.
    var isEmpty: Bool {
        publications.isEmpty && watchers.isEmpty && waiting.isEmpty && !hasAudience
    }

    /// Takes a subscription off one of the lists.
    /// - Returns: whether it was there.
    mutating func remove(_ number: UInt64, from list: WritableKeyPath<ResourceState, [UInt64]>) -> Bool {
        let numbers = self[keyPath: list]
        let position = Self.position(of: number, in: numbers)
        guard position < numbers.count, numbers[position] == number else { return false }
        self[keyPath: list].remove(at: position)
        return true
    }

    /// Where a number stands among ascending ones, or would.
    static func position(of number: UInt64, in numbers: [UInt64]) -> Int {
        var low = 0
        var high = numbers.count
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What is known here, the freshest first.
    var localStates: [any Sendable] { Self.freshestFirst(local) }

    /// What is known here and what lasts, the freshest first.
    var outsideStates: [any Sendable] { Self.freshestFirst(local + lasting.map { ($0.version, $0.state) }) }

    private var local: [(version: Int64, state: any Sendable)] {
        publications.map { ($0.modified, $0.state) } + (own.map { [($0.version, $0.state)] } ?? [])
    }

    /// What this node's own watchers see is composed of, the freshest first.
    ///
    /// What a node says that can't be reached may long be out of date, so it only counts when nothing else is known. What
    /// is known here comes before what other nodes say of the same thing only if it is newer.
    var shownStates: [any Sendable] { states(from: remotes) }

    /// The same for one of them, where what other nodes say is for one watcher each.
    func shownStates(for watcher: AddressOfRecord) -> [any Sendable] {
        states(from: remotes.filter { $0.watcher == watcher })
    }

    private func states(from remotes: [RemoteSource]) -> [any Sendable] {
        var sources: [(version: Int64, state: any Sendable)] = []
        for remote in remotes where remote.isReachable {
            if let state = remote.state { sources.append((remote.version, state)) }
        }
        sources += local
        if sources.isEmpty {
            sources = remotes.compactMap { remote in remote.state.map { (remote.version, $0) } }
        }
        return Self.freshestFirst(sources + lasting.map { ($0.version, $0.state) })
    }

    /// Equal versions of different sources keep their order.
    private static func freshestFirst(_ sources: [(version: Int64, state: any Sendable)]) -> [any Sendable] {
        let order = sources.indices.sorted {
            sources[$0].version != sources[$1].version ? sources[$0].version > sources[$1].version : $0 < $1
        }
        return order.map { sources[$0].state }
    }

    /// When the last publication runs out.
    var expires: Instant { publications.map(\.expires).max() ?? Instant(nanoseconds: 0) }
}
