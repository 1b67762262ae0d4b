extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or IPv6 as RFC 5952 wants it; without brackets.
    @usableFromInline package var description: String {
        if let v4 { return "\(v4 >> 24).\(v4 >> 16 & 255).\(v4 >> 8 & 255).\(v4 & 255)" }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64((3 - $0 % 4) * 16)) }
        let run = Self.longestZeroRun(groups)
        let text = { (part: ArraySlice<UInt16>) in
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard run.count >= 2 else { return text(groups[...]) }
        return text(groups[..<run.lowerBound]) + "::" + text(groups[run.upperBound...])
    }

    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > best.count { best = start..<index }
            start = index + 1
        }
        return best
    }

    /// Reads an IPv4 or IPv6 address, the latter with or without brackets. Zone identifiers are refused.
    package init?(_ text: some StringProtocol) {
        var utf8 = Array(text.utf8)
        if utf8.first == UInt8(ascii: "[") {
            // Brackets are for IPv6 alone (RFC 3986 §3.2.2).
            guard utf8.last == UInt8(ascii: "]"), utf8.contains(UInt8(ascii: ":")) else { return nil }
            utf8 = Array(utf8.dropFirst().dropLast())
        }
        guard utf8.count <= 45 else { return nil }
        let parsed =
            utf8.contains(UInt8(ascii: ":")) ? Self.parseV6(utf8[...]) : Self.parseV4(utf8[...]).map(Self.init(v4:))
        guard let parsed else { return nil }
        self = parsed
    }

    private static func parseV4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (48...57).contains($0) }) else { return nil }
            let octet = part.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 48) }
            guard octet <= 255 else { return nil }
            value = value << 8 | octet
        }
        return value
    }

    private static func parseV6(_ text: ArraySlice<UInt8>) -> IPAddress? {
        var head: [UInt16] = []
        var tail: [UInt16]?
        var rest = text
        if rest.starts(with: "::".utf8) {
            tail = []
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
            let part = rest[rest.startIndex..<end]
            let groups: [UInt16]
            if end == rest.endIndex, part.contains(UInt8(ascii: ".")) {
                guard let v4 = parseV4(part) else { return nil }
                groups = [UInt16(truncatingIfNeeded: v4 >> 16), UInt16(truncatingIfNeeded: v4)]
            } else {
                guard let group = parseGroup(part) else { return nil }
                groups = [group]
            }
            if tail == nil { head += groups } else { tail! += groups }
            guard end < rest.endIndex else { break }
            rest = rest[(end + 1)...]
            if rest.first == UInt8(ascii: ":") {
                guard tail == nil else { return nil }
                tail = []
                rest = rest.dropFirst()
            } else if rest.isEmpty {
                return nil
            }
        }
        let missing = 8 - head.count - (tail?.count ?? 0)
        guard tail == nil ? missing == 0 : missing >= 1 else { return nil }
        let groups = head + [UInt16](repeating: 0, count: missing) + (tail ?? [])
        let word = { (part: ArraySlice<UInt16>) in part.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
        return IPAddress(high: word(groups[..<4]), low: word(groups[4...]))
    }

    private static func parseGroup(_ part: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(part.count) else { return nil }
        var value: UInt16 = 0
        for digit in part {
            guard let nibble = Hex.value(of: digit) else { return nil }
            value = value << 4 | UInt16(nibble)
        }
        return value
    }
}
