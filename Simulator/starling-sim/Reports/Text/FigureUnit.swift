import Foundation

/// What a figure counts, and how a person writes it.
enum FigureUnit: Equatable {
    /// 0 to 1, shown in percent.
    case share
    case milliseconds
    case seconds
    case bytes
    case bytesPerSecond
    /// Anything else, named by the word behind the number; none when it is empty.
    case plain(String)

    /// The unit that a metric's name tells: `get.latency_ms.p50`, `stale_share`, `maintenance_bytes_per_second`.
    init(metric: String) {
        let parts = metric.split(separator: ".").map(String.init)
        let named = parts.reversed().lazy.compactMap(Self.named).first
        self = named ?? .plain("")
    }

    /// The unit of a curve or of a time line, as the run names it.
    init(unit: String) {
        self =
            switch unit {
            case "share": .share
            case "ms": .milliseconds
            case "s", "seconds": .seconds
            case "bytes": .bytes
            case "bytes/s": .bytesPerSecond
            default: .plain(unit)
            }
    }

    private static func named(_ part: String) -> FigureUnit? {
        let isShare = part == "success" || part.hasSuffix("share") || part.contains("_after_")
        if isShare { return .share }
        if part == "ms" || part.hasSuffix("_ms") { return .milliseconds }
        if part.hasSuffix("bytes_per_second") { return .bytesPerSecond }
        if part.hasSuffix("_per_second") {
            return .plain("\(part.split(separator: "_").dropLast(2).last ?? "")/s")
        }
        if part == "seconds" || part.hasSuffix("_seconds") { return .seconds }
        if part == "bytes" || part.hasSuffix("_bytes") || part.hasSuffix("bytes_per_node") { return .bytes }
        return nil
    }

    /// The value with its unit, in few digits.
    func text(_ value: Double) -> String {
        guard value.isFinite else { return value.briefText }
        return switch self {
        case .share: Self.percent(value)
        case .milliseconds: "\(value.briefText) ms"
        case .seconds: "\(value.briefText) s"
        case .bytes: Self.scaled(value, "B")
        case .bytesPerSecond: Self.scaled(value, "B/s")
        case .plain(""): value.briefText
        case .plain(let unit): "\(value.briefText) \(unit)"
        }
    }

    /// The distance of two values: shares differ by points of a hundred, not by percent.
    func difference(_ value: Double) -> String {
        self == .share ? "\((value * 100).briefText) points" : text(value)
    }

    /// Never rounds to 100 % what is less: near the top as many digits as the distance from it needs.
    private static func percent(_ share: Double) -> String {
        let missing = (1 - share).magnitude * 100
        if share > 0.9, missing > 1e-9, missing < 1 {
            let digits = (share * 100).fixed(min(9, 1 - Int((log10(missing) + 1e-9).rounded(.down))))
            return "\(Double.withoutTrailingZeros(digits)) %"
        }
        return "\((share * 100).briefText) %"
    }

    /// Decimal prefixes, as networks count.
    private static func scaled(_ value: Double, _ unit: String) -> String {
        let prefixes = ["", "k", "M", "G", "T"]
        var value = value
        var index = 0
        while value.magnitude >= 1000, index < prefixes.count - 1 {
            value /= 1000
            index += 1
        }
        return "\(value.briefText) \(prefixes[index])\(unit)"
    }
}
