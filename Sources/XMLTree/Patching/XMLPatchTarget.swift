/// Where the node is that a selector located.
enum XMLPatchTarget: Hashable, Sendable {
    /// A node among the children of the element at `parent`.
    case child(parent: [Int], index: Int)
    /// The root element.
    case root
    /// By its place among the attributes of the element.
    case attribute(element: [Int], index: Int)
    /// By its place among the declarations of the element.
    case namespace(element: [Int], index: Int)
}
