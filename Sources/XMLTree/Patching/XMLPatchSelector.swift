/// Which node of a document an operation is about: the subset of XPath in RFC 5261 §4.1 and §8.
struct XMLPatchSelector: Hashable, Sendable {
    enum Predicate: Hashable, Sendable {
        /// Counted from 1, among what the node test and the predicates before it left over.
        case position(Int)
        case attribute(XMLName, equals: String)
        /// The string value of a child element of that name; nil stands for the element itself.
        case value(of: XMLName?, equals: String)
    }

    /// A location step to child elements.
    struct Step: Hashable, Sendable {
        /// Nil is the wildcard `*`.
        var name: XMLName?
        var predicates: [Predicate] = []
    }

    /// What a selector ends in when it selects no element.
    enum Terminal: Hashable, Sendable {
        case attribute(XMLName)
        /// The namespace declaration of a prefix.
        case namespace(prefix: String)
        case text(position: Int?)
        case comment(position: Int?)
        /// A nil target stands for any.
        case instruction(target: String?, position: Int?)
    }

    /// The XML ID of the element that the steps begin at; nil when they begin at the root node.
    var identifier: String?
    /// From there on.
    var steps: [Step] = []
    /// Nil selects the element of the last step.
    var terminal: Terminal?
}
