import XMLTree

/// What a SUBSCRIBE says of one filter (RFC 4661 §3.4).
struct FilterUpdate: Hashable, Sendable {
    var id: String
    var isRemoved: Bool
    var isEnabled: Bool
    /// Nil when neither a URI nor a domain is stated.
    var target: EventFilter.Target?
    var what: FilterContent?
    var triggers: [FilterTrigger]
    /// The same as it was written, with the bindings of its document.
    var source: [XMLElement]

    /// Whether it says what to filter. RFC 4660 §5.4: what is empty counts as if it were not there.
    var hasContent: Bool { what != nil || !triggers.isEmpty }
}
