import Primitives

/// What other nodes publish of presentities that are watched here.
extension PresenceAgent {
    mutating func take(
        _ document: [UInt8]?, version: Int64, of presentity: AddressOfRecord, from source: [UInt8],
        for watcher: AddressOfRecord?, at now: Instant, _ actions: inout [Action]
    ) {
        // What this node said itself comes back through the overlay, and what nobody here watches is not kept.
        guard source != configuration.nodeID.bits.bytes, presentities[presentity]?.localWatchers ?? 0 > 0 else {
            return
        }
        var parsed: PresenceDocument?
        if let document {
            // Another node's document that can't be read says nothing. It may be composed of many publications.
            guard
                let readable = try? PresenceDocument(
                    parsing: document, maximumElements: Composition.maximumElements)
            else { return }
            parsed = readable
        }
        var position = position(of: source, for: watcher, in: presentity)
        if let known = presentities[presentity]!.remotes[existing: position, source, watcher] {
            // The same document comes over more than one path, and not in order: only a newer one counts. One that
            // went may come back under its old version, as when a record expired before it was refreshed.
            guard version > known.version || version == known.version && (known.document == nil || parsed == nil) else {
                return
            }
            presentities[presentity]!.remotes[position].version = version
            presentities[presentity]!.remotes[position].document = parsed
        } else {
            // That a source has nothing any more is no news when it had nothing before.
            guard parsed != nil else { return }
            let alike = presentities[presentity]!.remotes.count { $0.watcher == watcher }
            if alike >= configuration.maximumRemoteSources {
                let isGone = { (remote: RemoteSource) in remote.watcher == watcher && remote.document == nil }
                guard let gone = presentities[presentity]!.remotes.firstIndex(where: isGone) else { return }
                presentities[presentity]!.remotes.remove(at: gone)
                if gone < position { position -= 1 }
            }
            presentities[presentity]!.remotes.insert(
                RemoteSource(source: source, watcher: watcher, version: version, document: parsed), at: position)
        }
        guard let watcher else { return shownMayHaveChanged(of: presentity, at: now, &actions) }
        tell(watcher, of: presentity, at: now, &actions)
        if presentities[presentity]!.hasAudience { shownMayHaveChanged(of: presentity, at: now, &actions) }
    }

    mutating func mark(
        _ source: [UInt8], isReachable: Bool, of presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]
    ) {
        guard let remotes = presentities[presentity]?.remotes else { return }
        let concerned = remotes.indices.filter { remotes[$0].source == source }
        guard !concerned.isEmpty else { return }
        for position in concerned { presentities[presentity]!.remotes[position].isReachable = isReachable }
        shownMayHaveChanged(of: presentity, at: now, &actions)
        guard !isRuledHere(presentity) else { return }
        for watcher in Set(concerned.compactMap { remotes[$0].watcher }).sorted() {
            tell(watcher, of: presentity, at: now, &actions)
        }
    }

    /// Where a source stands among those of a presentity, or would.
    private func position(
        of source: [UInt8], for watcher: AddressOfRecord?, in presentity: AddressOfRecord
    ) -> Int {
        let remotes = presentities[presentity]?.remotes ?? []
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
