import Primitives

/// What other nodes publish of presentities that are watched here.
extension PresenceAgent {
    mutating func take(
        _ document: [UInt8]?, version: Int64, of presentity: AddressOfRecord, from source: [UInt8], at now: Instant,
        _ actions: inout [Action]
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
        var position = position(of: source, in: presentity)
        if let known = presentities[presentity]!.remotes[existing: position, source] {
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
            if presentities[presentity]!.remotes.count >= configuration.maximumRemoteSources {
                guard let gone = presentities[presentity]!.remotes.firstIndex(where: { $0.document == nil }) else {
                    return
                }
                presentities[presentity]!.remotes.remove(at: gone)
                if gone < position { position -= 1 }
            }
            presentities[presentity]!.remotes.insert(
                RemoteSource(source: source, version: version, document: parsed), at: position)
        }
        shownMayHaveChanged(of: presentity, at: now, &actions)
    }

    mutating func mark(
        _ source: [UInt8], isReachable: Bool, of presentity: AddressOfRecord, at now: Instant, _ actions: inout [Action]
    ) {
        guard presentities[presentity] != nil else { return }
        let position = position(of: source, in: presentity)
        guard presentities[presentity]!.remotes[existing: position, source] != nil else { return }
        presentities[presentity]!.remotes[position].isReachable = isReachable
        shownMayHaveChanged(of: presentity, at: now, &actions)
    }

    /// Where a source stands among those of a presentity, or would.
    private func position(of source: [UInt8], in presentity: AddressOfRecord) -> Int {
        let remotes = presentities[presentity]?.remotes ?? []
        return remotes.firstIndex { !$0.source.lexicographicallyPrecedes(source) } ?? remotes.count
    }
}

extension [RemoteSource] {
    /// The source at a position, if it is that one.
    fileprivate subscript(existing position: Int, source: [UInt8]) -> RemoteSource? {
        position < count && self[position].source == source ? self[position] : nil
    }
}
