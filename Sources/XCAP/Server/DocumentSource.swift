/// Where the document comes from that a request is to be answered with.
package enum DocumentSource: Hashable, Sendable {
    /// None is needed: the server answers by itself, or refuses.
    case none
    /// It is fetched from where documents are kept.
    case stored(DocumentSelector)
    /// It is made from others.
    case computed(ComputedDocument)
}
