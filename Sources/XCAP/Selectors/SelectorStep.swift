import XMLTree

/// One step of an element selector: which child element of the context it goes to (RFC 4825 §6.3).
struct SelectorStep: Hashable, Sendable {
    /// An attribute that the element has to have, with its value.
    struct AttributeTest: Hashable, Sendable {
        var name: XMLName
        var value: String
    }

    /// The step as the client wrote it, not percent-encoded.
    let text: String
    /// nil is the wildcard `*`.
    let name: XMLName?
    /// Counted from 1, among the elements that the name lets through.
    let position: Int?
    let attribute: AttributeTest?
}
