extension ValueForm {
    /// A list of values of one form.
    ///
    /// - Parameter counts: how many there may be.
    static func list<Element>(
        of form: ValueForm<Element>, each summary: String, counts: ClosedRange<Int>, example: String
    ) -> Self where Value == [Element] {
        let count = counts.lowerBound == counts.upperBound ? "\(counts.lowerBound)" : "at most \(counts.upperBound)"
        return ValueForm("a list of \(count) \(summary)", example: example) { value throws(ValueProblem) in
            guard case .list(let items) = value.content else { throw ValueProblem(value, isNot: "a list") }
            guard counts.contains(items.count) else { throw ValueProblem(value, "there are \(items.count) of them") }
            var result: [Element] = []
            for item in items { result.append(try form.read(item)) }
            return result
        } write: { values in
            "[\(values.map(form.write).joined(separator: ", "))]"
        }
    }
}
