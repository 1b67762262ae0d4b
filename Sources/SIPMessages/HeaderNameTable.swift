/// Finds the number of a header field name in a few nanoseconds: a hash of its length and three of its letters leads
/// to a slot, and the letters there are compared without regard to case.
struct HeaderNameTable: Sendable {
    static let shared = HeaderNameTable()

    /// A power of two well above the number of names, so that most names have their slot to themselves.
    private static let slotCount = 512
    /// No known name is longer; longer ones need not be looked up.
    private let longest: Int
    /// The raw value of the header in each slot; 0 is an empty one.
    private var slots: [UInt8]
    /// All names in lower case, one after the other; `starts[n]..<starts[n + 1]` is that of raw value n.
    private var letters: [UInt8]
    private var starts: [Int]
    /// The raw value for each compact form, indexed by its lower-case letter.
    private var compact: [UInt8]

    private init() {
        slots = [UInt8](repeating: 0, count: Self.slotCount)
        compact = [UInt8](repeating: 0, count: 256)
        letters = []
        starts = [0]
        var longest = 0
        for (number, entry) in KnownHeader.entries.enumerated() {
            let name = "\(entry.name)".utf8.map { ASCII.lowercased($0) }
            letters += name
            starts.append(letters.count)
            guard number != 0 else { continue }
            longest = max(longest, name.count)
            if entry.compact != 0 { compact[Int(entry.compact)] = UInt8(number) }
            var slot = name.withUnsafeBytes { Self.hash($0, from: 0, count: $0.count) }
            while slots[slot] != 0 { slot = (slot + 1) & (Self.slotCount - 1) }
            slots[slot] = UInt8(number)
        }
        self.longest = longest
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer, from start: Int, count: Int) -> Int {
        let first = Int(bytes[start] | 0x20)
        let middle = Int(bytes[start + count / 2] | 0x20)
        let last = Int(bytes[start + count - 1] | 0x20)
        return (count &* 67 &+ first &* 29 &+ middle &* 131 &+ last &* 7) & (slotCount - 1)
    }

    /// The header whose name or compact form is `bytes[start ..< start + count]`.
    func find(_ bytes: UnsafeRawBufferPointer, from start: Int, count: Int) -> KnownHeader {
        guard count > 1 else {
            return count == 1 ? KnownHeader(rawValue: compact[Int(ASCII.lowercased(bytes[start]))]) ?? .other : .other
        }
        guard count <= longest else { return .other }
        var slot = Self.hash(bytes, from: start, count: count)
        while slots[slot] != 0 {
            let number = Int(slots[slot])
            if spells(number, bytes, from: start, count: count) {
                return KnownHeader(rawValue: UInt8(number)) ?? .other
            }
            slot = (slot + 1) & (Self.slotCount - 1)
        }
        return .other
    }

    private func spells(_ number: Int, _ bytes: UnsafeRawBufferPointer, from start: Int, count: Int) -> Bool {
        let own = starts[number]
        guard starts[number + 1] - own == count else { return false }
        for offset in 0..<count where letters[own + offset] != ASCII.lowercased(bytes[start + offset]) { return false }
        return true
    }
}
