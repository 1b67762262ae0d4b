/// What an element can hold, in document order.
package enum XMLNode: Hashable, Sendable {
    case element(XMLElement)
    /// Characters, entities replaced; a CDATA section is text like any other.
    case text(String)
    case comment(String)
    /// A processing instruction.
    case instruction(target: String, String)
}
