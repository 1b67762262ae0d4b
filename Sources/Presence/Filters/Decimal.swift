/// Numbers as filters write them: decimals (XML Schema Part 2 §3.2.3).
enum Decimal {
    /// - Returns: nil when the text, white space around it aside, is none.
    static func value(of text: String) -> Double? {
        let text = text.trimmed
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        // Double reads more than that: exponents, hexadecimal digits, infinity.
        guard text.utf8.count - digits.count <= 1, digits.count <= 32,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") })
        else { return nil }
        return Double(text)
    }
}
