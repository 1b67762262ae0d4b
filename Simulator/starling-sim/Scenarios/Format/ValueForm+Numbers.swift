extension ValueForm where Value == Double {
    /// A decimal number.
    static func number(_ range: ClosedRange<Double>) -> Self {
        let summary = "a number, \(DecimalText.written(range.lowerBound)) to \(DecimalText.written(range.upperBound))"
        return ValueForm(summary) { value throws(ValueProblem) in
            guard case .text(let text) = value.content, let number = DecimalText.number(Substring(text)) else {
                throw ValueProblem(value, isNot: "a number")
            }
            guard range.contains(number) else { throw ValueProblem(value, "\(text) is out of range") }
            return number
        } write: {
            DecimalText.written($0)
        }
    }

    /// A part of a whole, as a number from 0 to 1 or in per cent.
    static func share(_ range: ClosedRange<Double> = 0...1) -> Self {
        let summary = "a share, \(DecimalText.written(range.lowerBound)) to \(DecimalText.written(range.upperBound))"
        return ValueForm(summary, example: "0.2 or 20%") { value throws(ValueProblem) in
            guard case .text(let text) = value.content, let share = DecimalText.share(text) else {
                throw ValueProblem(value, isNot: "a share")
            }
            guard range.contains(share) else { throw ValueProblem(value, "\(text) is out of range") }
            return share
        } write: {
            DecimalText.written($0)
        }
    }
}

extension ValueForm where Value == Int {
    /// A whole number.
    static func count(_ range: ClosedRange<Int>) -> Self {
        ValueForm("a whole number, \(range.lowerBound) to \(range.upperBound)") { value throws(ValueProblem) in
            guard case .text(let text) = value.content, let number = Int(text) else {
                throw ValueProblem(value, isNot: "a whole number")
            }
            guard range.contains(number) else { throw ValueProblem(value, "\(text) is out of range") }
            return number
        } write: {
            "\($0)"
        }
    }
}

extension ValueForm where Value == UInt64 {
    /// Any whole number of 64 bits.
    static var seed: Self {
        ValueForm("a whole number, 0 to \(UInt64.max)") { value throws(ValueProblem) in
            guard case .text(let text) = value.content, let number = UInt64(text) else {
                throw ValueProblem(value, isNot: "a whole number from 0")
            }
            return number
        } write: {
            "\($0)"
        }
    }
}
