import Foundation

extension Double {
    /// The shortest digits that read back as the same number, a whole one without its fraction.
    var exactText: String {
        let text = description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// With so many digits behind the point, and commas between thousands: `12,345.7`.
    func fixed(_ decimals: Int) -> String {
        let text = String(format: "%.\(decimals)f", self)
        let sign = text.hasPrefix("-") ? "-" : ""
        let parts = text.dropFirst(sign.count).split(separator: ".", maxSplits: 1)
        guard let whole = parts.first, whole.allSatisfy(\.isNumber) else { return text }
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        let result = parts.count > 1 ? "\(grouped).\(parts[1])" : grouped
        return result.contains { $0.isNumber && $0 != "0" } ? sign + result : result
    }

    /// With three significant digits, as far as they say anything: `0.0312`, `4.5`, `75`, `1,071`.
    var briefText: String {
        guard isFinite else { return isNaN ? "–" : (self < 0 ? "−∞" : "∞") }
        let size = magnitude
        if size == 0 { return "0" }
        if size < 1e-4 { return String(format: "%.1e", self) }
        if size >= 1e15 { return String(format: "%.2e", self) }
        if size.rounded() == size { return fixed(0) }
        let decimals = max(0, 2 - Int(log10(size).rounded(.down)))
        return decimals == 0 ? fixed(0) : Self.withoutTrailingZeros(fixed(decimals))
    }

    /// `4.5` for `4.500`, `4` for `4.000`; the text has a decimal point.
    static func withoutTrailingZeros(_ text: String) -> String {
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
