import XMLTree

/// What stands in square brackets: comparisons, `and` binding more tightly than `or` (XPath 1.0 §3.4).
struct FilterCondition: Hashable, Sendable {
    enum Subject: Hashable, Sendable {
        /// `.`
        case own
        /// `..`
        case parent
        /// Elements below, by their names from one level to the next; nil is the wildcard `*`.
        case elements([XMLName?])
        /// An attribute of the element, or of elements below.
        case attribute(of: [XMLName?], XMLName)
    }

    enum Value: Hashable, Sendable {
        case text(String)
        case number(Double)
    }

    enum Order: Hashable, Sendable {
        case equal, less, greater
    }

    struct Comparison: Hashable, Sendable {
        var subject: Subject
        var order: Order
        var value: Value

        /// XPath 1.0 §3.4: text is equal to text; whatever else is compared is a number, and what is none never fits.
        func holds(for text: String) -> Bool {
            if order == .equal, case .text(let expected) = value { return text == expected }
            let right =
                switch value {
                case .text(let text): Decimal.value(of: text)
                case .number(let number): number
                }
            guard let left = Decimal.value(of: text), let right else { return false }
            return switch order {
            case .equal: left == right
            case .less: left < right
            case .greater: left > right
            }
        }
    }

    /// One of these has to hold, with all that is in it.
    var alternatives: [[Comparison]]
}
