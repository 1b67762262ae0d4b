/// What a request is about, once it is known to be allowed.
struct RequestTarget {
    let usage: any ApplicationUsage
    let document: DocumentSelector
    /// nil for the whole document.
    let node: NodeSelector?
    /// The bindings of the node selector as they came, for URIs that go back to the client.
    let query: String?
}
