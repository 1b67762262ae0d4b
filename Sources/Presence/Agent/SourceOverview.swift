/// What another node says of a resource, as this node's operator sees it.
package struct SourceOverview: Sendable {
    /// The node, as its bytes.
    package var source: [UInt8]
    package var version: Int64
    /// Whether it says anything at present.
    package var hasState: Bool
    package var isReachable: Bool
}
