import Primitives

/// What other nodes say of resources that are watched here.
extension PresenceAgent {
    mutating func take(
        _ document: [UInt8]?, version: Int64, of resource: EventResource, from source: [UInt8],
        for watcher: AddressOfRecord?, at now: Instant, _ actions: inout [Action]
    ) {
        // What this node said itself comes back through the overlay, and what nobody here watches is not kept.
        guard source != configuration.nodeID.bits.bytes, resources[resource]?.localWatchers ?? 0 > 0 else {
            return
        }
        var parsed: (any Sendable)?
        if let document {
            // Another node's document that can't be read says nothing. It may be composed of many publications.
            guard let readable = Self.read(document, resource.package, at: now) else { return }
            parsed = readable
        }
        var position = position(of: source, for: watcher, in: resource)
        if let known = resources[resource]!.remotes[existing: position, source, watcher] {
            // The same document comes over more than one path, and not in order: only a newer one counts. One that
            // went may come back under its old version, as when a record expired before it was refreshed.
            guard version > known.version || version == known.version && (known.state == nil || parsed == nil) else {
                return
            }
            resources[resource]!.remotes[position].version = version
            resources[resource]!.remotes[position].state = parsed
            if let before = known.state as? [Watcher], let after = parsed as? [Watcher],
                Watcher.areAlike(before, after)
            {
                return
            }
        } else {
            // That a source has nothing any more is no news when it had nothing before.
            guard parsed != nil else { return }
            let alike = resources[resource]!.remotes.count { $0.watcher == watcher }
            if alike >= configuration.maximumRemoteSources {
                let isGone = { (remote: RemoteSource) in remote.watcher == watcher && remote.state == nil }
                guard let gone = resources[resource]!.remotes.firstIndex(where: isGone) else { return }
                resources[resource]!.remotes.remove(at: gone)
                if gone < position { position -= 1 }
            }
            resources[resource]!.remotes.insert(
                RemoteSource(source: source, watcher: watcher, version: version, state: parsed), at: position)
        }
        guard let watcher else { return shownMayHaveChanged(of: resource, at: now, &actions) }
        tell(watcher, of: resource, at: now, &actions)
        if resources[resource]!.hasAudience { shownMayHaveChanged(of: resource, at: now, &actions) }
    }

    private static func read(_ document: [UInt8], _ package: EventPackage, at now: Instant) -> (any Sendable)? {
        guard let state = package.state else { return try? WatcherInformation.watchers(in: document, at: now) }
        return try? state.anyState(composedElsewhere: document)
    }

    mutating func mark(
        _ source: [UInt8], isReachable: Bool, of resource: EventResource, at now: Instant, _ actions: inout [Action]
    ) {
        guard let remotes = resources[resource]?.remotes else { return }
        let concerned = remotes.indices.filter { remotes[$0].source == source }
        for position in concerned { resources[resource]!.remotes[position].isReachable = isReachable }
        told(by: concerned.map { remotes[$0] }, of: resource, at: now, &actions)
    }

    mutating func forget(
        _ source: [UInt8], of resource: EventResource, at now: Instant, _ actions: inout [Action]
    ) {
        guard let remotes = resources[resource]?.remotes else { return }
        resources[resource]!.remotes.removeAll { $0.source == source }
        told(by: remotes.filter { $0.source == source }, of: resource, at: now, &actions)
    }

    /// Tells those who watch here that what a source says counts for more, or less, than before.
    private mutating func told(
        by sources: [RemoteSource], of resource: EventResource, at now: Instant, _ actions: inout [Action]
    ) {
        guard !sources.isEmpty else { return }
        shownMayHaveChanged(of: resource, at: now, &actions)
        guard !isRuledHere(resource.user) else { return }
        for watcher in Set(sources.compactMap(\.watcher)).sorted() { tell(watcher, of: resource, at: now, &actions) }
    }

    /// Where a source stands among those of a resource, or would.
    private func position(
        of source: [UInt8], for watcher: AddressOfRecord?, in resource: EventResource
    ) -> Int {
        let remotes = resources[resource]?.remotes ?? []
        return remotes.firstIndex { !$0.precedes(source, watcher) } ?? remotes.count
    }
}

extension [RemoteSource] {
    /// The source at a position, if it is that one.
    fileprivate subscript(
        existing position: Int, source: [UInt8], watcher: AddressOfRecord?
    ) -> RemoteSource? {
        guard position < count, self[position].source == source, self[position].watcher == watcher else { return nil }
        return self[position]
    }
}
