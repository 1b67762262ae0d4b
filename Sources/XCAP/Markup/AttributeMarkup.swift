import XMLTree

/// An attribute and where it stands in the bytes of its document.
struct AttributeMarkup: Hashable, Sendable {
    let name: XMLName
    let value: String
    /// From the white space in front of the name to past the closing quote.
    let range: Range<Int>
    /// The value as it is written, quotes included.
    let literal: Range<Int>
}
