import XMLTree

/// Reads the parts of an expression; white space may stand between any two tokens (XPath 1.0 §3.7).
struct FilterParser {
    private var scanner: SelectorScanner
    private let bindings: NamespaceScope

    init(_ text: String, _ bindings: NamespaceScope) {
        scanner = SelectorScanner(text)
        scanner.skipSpace()
        self.bindings = bindings
    }

    var isAtEnd: Bool { scanner.isAtEnd }

    var failure: FilterError { FilterError("an expression is not of the grammar of RFC 4661") }

    mutating func take(_ token: StaticString) -> Bool {
        guard scanner.take(token) else { return false }
        scanner.skipSpace()
        return true
    }

    mutating func name(isAttribute: Bool = false) throws(FilterError) -> XMLName {
        guard let written = scanner.qualifiedName() else { throw failure }
        scanner.skipSpace()
        guard let name = bindings.expand(written, isAttribute: isAttribute) else {
            throw FilterError("the prefix \(written.prefix) is not bound")
        }
        return name
    }

    /// What follows an opening bracket, the closing one included.
    mutating func condition() throws(FilterError) -> FilterCondition {
        var alternatives: [[FilterCondition.Comparison]] = [[]]
        var count = 0
        while true {
            count += 1
            guard count <= FilterLimits.comparisons else { throw FilterError("a condition has too many comparisons") }
            alternatives[alternatives.count - 1].append(try comparison())
            if take("]") { return FilterCondition(alternatives: alternatives) }
            if take("or") {
                alternatives.append([])
            } else if !take("and") {
                throw failure
            }
        }
    }

    private mutating func comparison() throws(FilterError) -> FilterCondition.Comparison {
        let subject = try subject()
        let order: FilterCondition.Order
        if take("=") {
            order = .equal
        } else if take("<") {
            order = .less
        } else if take(">") {
            order = .greater
        } else {
            throw failure
        }
        return FilterCondition.Comparison(subject: subject, order: order, value: try value())
    }

    private mutating func subject() throws(FilterError) -> FilterCondition.Subject {
        if take("..") { return .parent }
        if take(".") { return .own }
        var path: [XMLName?] = []
        repeat {
            if take("@") { return .attribute(of: path, try name(isAttribute: true)) }
            path.append(take("*") ? nil : try name())
            guard path.count <= FilterLimits.steps else { throw FilterError("an expression has too many steps") }
        } while take("/")
        return .elements(path)
    }

    private mutating func value() throws(FilterError) -> FilterCondition.Value {
        if let text = scanner.literal() {
            scanner.skipSpace()
            return .text(text)
        }
        var written = scanner.take("-") ? "-" : ""
        guard let whole = scanner.digits() else { throw failure }
        written += whole
        if scanner.take(".") { written += "." + (scanner.digits() ?? "0") }
        scanner.skipSpace()
        guard let number = Decimal.value(of: written) else { throw failure }
        return .number(number)
    }
}
