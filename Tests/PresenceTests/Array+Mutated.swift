import Primitives

extension [UInt8] {
    /// With up to three bytes changed, runs taken out, or runs repeated.
    func mutated(_ random: inout RandomSource) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let position = Int.random(in: 0..<Swift.max(1, bytes.count), using: &random)
            let end = Swift.min(bytes.count, position + Int.random(in: 1...40, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where position < bytes.count: bytes[position] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(Swift.min(position, end)..<end)
            case 2: bytes.insert(contentsOf: bytes[Swift.min(position, end)..<end], at: position)
            default: bytes = Array(bytes.prefix(Swift.max(position, 1)))
            }
        }
        return bytes
    }
}
