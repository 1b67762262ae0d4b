import Primitives

/// Decimal numbers as people write them: digits with at most one point, and a sign.
enum DecimalText {
    private static let mostDigits = 32

    /// nil for everything else, `1e9`, `0x10` and `nan` among it.
    static func number(_ text: Substring) -> Double? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text
        let isPlain = digits.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
        }
        guard isPlain, digits.utf8.count <= mostDigits, digits.first != ".", digits.last != "." else { return nil }
        return Double(text)
    }

    /// A share as a number or in per cent: `0.2`, `20%`, `20 %`.
    static func share(_ text: String) -> Double? {
        guard text.hasSuffix("%") else { return number(Substring(text)) }
        let digits = text.dropLast()
        let percent = digits.hasSuffix(" ") ? digits.dropLast() : digits
        // Divided by 100, 99.9 would be a little above the nearest number to 0.999, and so not met by 999 of 1,000.
        return number(percent).flatMap { _ in Double("\(percent)e-2") }
    }

    /// So many units of so many nanoseconds, to the nearest nanosecond; nil beyond what an interval can hold.
    static func interval(_ number: Double, of nanoseconds: Int64) -> Interval? {
        let product = (number * Double(nanoseconds)).rounded()
        return abs(product) < 9.2e18 ? Interval(nanoseconds: Int64(product)) : nil
    }

    /// As short as it can be: `1`, `0.25`.
    static func written(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e15 { return "\(Int(number))" }
        return "\(number)"
    }
}
