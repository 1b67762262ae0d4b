import Primitives

/// All that is known here of one presentity: what is published, what other nodes say, and who watches.
struct Presentity: Sendable {
    /// In the order in which they were first published.
    var publications: [Publication] = []
    /// Subscriptions by their numbers, ascending: the order in which they came.
    var watchers: [UInt64] = []
    /// Who tried to watch while nobody decided about it: subscriptions that have ended, by their numbers.
    var waiting: [UInt64] = []
    /// The presentity's own subscriptions to watcher information, by their numbers.
    var informed: [UInt64] = []
    /// Nil when it has no rules.
    var authorization: PresenceAuthorization?
    /// What the presentity is engaged in, as far as its rules ask for it.
    var sphere: Set<String> = []
    /// How many of the watchers are this node's own and see what other nodes say too.
    var localWatchers = 0
    /// Whether the agent's owner watches without a subscription; counts among ``localWatchers``.
    var hasAudience = false
    /// How many subscriptions each of them has, where the rules are known elsewhere alone.
    var asking: [AddressOfRecord: Int] = [:]
    /// When the period began in which the rules say what they say now.
    var rulesPeriod = Instant(nanoseconds: 0)
    /// The classes of watchers elsewhere for whom variants are in what was announced last.
    var sealedClasses: [PresencePermissions] = []
    /// As whom the agent's owner watches, if that matters.
    var audience: AddressOfRecord?
    /// By source, then by watcher, ascending.
    var remotes: [RemoteSource] = []
    /// Of ``localDocument``; never goes back.
    var localVersion: Int64 = 0
    /// The composed document of what is published here; nil when nothing is.
    var localDocument: [UInt8]? {
        didSet { if localDocument != oldValue { localViews = [:] } }
    }
    /// What is left of it for those who watch elsewhere and may not see everything.
    var localViews: [PresencePermissions: [UInt8]] = [:]
    /// What this node's own watchers are shown; nil when it has yet to be composed.
    var shownDocument: [UInt8]? {
        didSet { if shownDocument != oldValue { views = [:] } }
    }
    /// What is left of it for those who may not see everything, for each class of them that was told.
    var views: [PresencePermissions: [UInt8]] = [:]

    var isEmpty: Bool {
        publications.isEmpty && watchers.isEmpty && waiting.isEmpty && informed.isEmpty && authorization == nil
            && !hasAudience
    }

    /// Takes a subscription off one of the lists.
    /// - Returns: whether it was there.
    mutating func remove(_ number: UInt64, from list: WritableKeyPath<Presentity, [UInt64]>) -> Bool {
        let numbers = self[keyPath: list]
        var low = 0
        var high = numbers.count
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        guard low < numbers.count, numbers[low] == number else { return false }
        self[keyPath: list].remove(at: low)
        return true
    }

    /// What is published here, the freshest first.
    var localSources: [PresenceDocument] {
        publications.sorted { $0.modified > $1.modified }.map(\.document)
    }

    /// What this node's own watchers see is composed of, the freshest first.
    ///
    /// A document of a node that can't be reached may long be out of date, so it only counts when nothing else is
    /// known. What was published here comes before what other nodes say of the same tuple only if it is newer.
    var shownSources: [PresenceDocument] { sources(from: remotes) }

    /// The same for one of them, where what other nodes say is for one watcher each.
    func shownSources(for watcher: AddressOfRecord) -> [PresenceDocument] {
        sources(from: remotes.filter { $0.watcher == watcher })
    }

    private func sources(from remotes: [RemoteSource]) -> [PresenceDocument] {
        var sources: [(version: Int64, document: PresenceDocument)] = []
        for remote in remotes where remote.isReachable {
            if let document = remote.document { sources.append((remote.version, document)) }
        }
        sources += publications.map { ($0.modified, $0.document) }
        if sources.isEmpty {
            sources = remotes.compactMap { remote in remote.document.map { (remote.version, $0) } }
        }
        // Equal versions of different nodes keep the order of their sources.
        let order = sources.indices.sorted {
            sources[$0].version != sources[$1].version ? sources[$0].version > sources[$1].version : $0 < $1
        }
        return order.map { sources[$0].document }
    }

    /// When the last publication runs out.
    var expires: Instant { publications.map(\.expires).max() ?? Instant(nanoseconds: 0) }
}
