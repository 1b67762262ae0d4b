/// The q of a contact (RFC 3261 §20.10), in thousandths.
package enum Preference {
    /// As RFC 3261 §25.1 writes a qvalue: `0.7`.
    package static func text(_ thousandths: Int) -> String {
        if thousandths >= 1_000 { return "1.0" }
        var digits = String(1_000 + max(0, thousandths)).dropFirst()
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        return "0.\(digits)"
    }
}
