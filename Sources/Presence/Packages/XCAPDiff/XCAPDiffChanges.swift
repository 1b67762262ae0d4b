import XMLTree

/// What a subscriber to XCAP changes knows of what it selected, and what it has not been told yet.
///
/// RFC 5875 §4.7: no NOTIFY goes out before the last one has been answered. What happens to a document in between is told
/// version by version (`xcap-patching`), or becomes one change from the state that the subscriber knows to the one that
/// there is. Of an element or attribute only the latest state is ever told.
package struct XCAPDiffChanges: Hashable, Sendable {
    /// Resources of a subscription. What goes beyond is told of neither now nor later.
    package static let maximumResources = 512
    /// Larger documents are not patched, and so not kept in the version that the subscriber knows.
    static let maximumPatchedSize = 64 << 10
    /// Versions that are kept to be told one by one; with more, the subscriber has to fetch what changed.
    static let maximumHistory = 64
    /// Bytes of patches and elements in one notification, and of patches that are kept; what goes beyond is told without.
    static let maximumContent = 32 << 10

    private struct State: Hashable, Sendable {
        /// What the subscriber was told last; nil when it knows of no such resource.
        var told: XCAPResource.Content?
        var current: XCAPResource.Content?
    }

    package let mode: XCAPDiffMode
    private var states: [String: State] = [:]
    /// The resources with something to tell, the one that changed first in front.
    private var order: [String] = []
    /// Versions of documents that have not been told, the oldest first; nil when all there is, is to be told instead.
    private var history: [XCAPDiffDocument.Entry]?
    private var historySize = 0

    /// Nothing is there, and nothing to be told.
    package init(mode: XCAPDiffMode = .noPatching) { self.mode = mode }

    /// Whether there is anything to tell.
    package var isEmpty: Bool { order.isEmpty && history?.isEmpty != false }

    /// Takes all that is selected and there.
    /// - Parameter unknown: the selectors of what may be there: it can't be found out.
    package mutating func update(to resources: [XCAPResource], unknown: Set<String> = []) {
        let there = Set(resources.map(\.selector)).union(unknown)
        for selector in states.keys.filter({ !there.contains($0) }).sorted() { note(selector, nil) }
        for resource in resources { note(resource.selector, resource.content) }
    }

    /// A resource has another state.
    /// - Parameters:
    ///   - selector: as the subscriber names it.
    ///   - content: what it is now; nil when it is gone.
    package mutating func note(_ selector: String, _ content: XCAPResource.Content?) {
        guard states[selector] != nil || states.count < Self.maximumResources else { return }
        var state = states[selector] ?? State()
        guard !XCAPResource.Content.isSame(state.current, content) else { return }
        remember(selector, from: state.current, to: content)
        state.current = content?.keepingBytes(upTo: mode == .noPatching ? 0 : Self.maximumPatchedSize)
        // RFC 5875 §4.7: in the order of the changes.
        order.removeAll { $0 == selector }
        if !XCAPResource.Content.isSame(state.told, content) { order.append(selector) }
        states[selector] = state.told == nil && content == nil ? nil : state
    }

    private mutating func remember(
        _ selector: String, from old: XCAPResource.Content?, to new: XCAPResource.Content?
    ) {
        guard let known = history, (old ?? new)?.isDocument == true else { return }
        guard known.count < Self.maximumHistory, historySize < Self.maximumContent,
            let change = XCAPDiffChange(from: old, to: new, isPatched: true)
        else { return history = nil }
        let entry = XCAPDiffDocument.Entry(selector, change)
        history!.append(entry)
        historySize += entry.contentSize
    }

    /// Has all that is there be told of: the answer to each SUBSCRIBE (RFC 5875 §4.7), and what follows a NOTIFY that may
    /// not have arrived.
    package mutating func tellAll() {
        for (selector, state) in states { states[selector] = state.current.map { State(told: nil, current: $0) } }
        order = states.keys.sorted()
        history = nil
    }

    /// What there is to tell; after it there is nothing.
    package mutating func take() -> [XCAPDiffDocument.Entry] {
        var entries = history ?? []
        for selector in order {
            guard let state = states[selector] else { continue }
            let isTold = history != nil && (state.told ?? state.current)?.isDocument == true
            let change = XCAPDiffChange(from: state.told, to: state.current, isPatched: mode == .aggregate)
            if let change, !isTold { entries.append(XCAPDiffDocument.Entry(selector, change)) }
            states[selector] = state.current.map { State(told: $0, current: $0) }
        }
        // A document may have changed and changed back, of which there is nothing in the order.
        for entry in history ?? [] {
            states[entry.selector] = states[entry.selector]?.current.map { State(told: $0, current: $0) }
        }
        order = []
        history = mode == .patching ? [] : nil
        historySize = 0
        var room = Self.maximumContent
        return entries.map { entry in
            room -= entry.contentSize
            return room >= 0 ? entry : XCAPDiffDocument.Entry(entry.selector, entry.change.withoutContent)
        }
    }
}
