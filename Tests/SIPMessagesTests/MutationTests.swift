import Primitives
import SIPMessages
import Testing

/// Messages with bytes changed, cut out, doubled and mixed at random, and all that is done to a message tried on them.
struct MutationTests {
    private static let seeds =
        (TortureCase.valid + TortureCase.invalid + TortureCase.semantics + TortureCase.ipv6).map(\.bytes)

    /// Pieces that matter to a parser more than random bytes do.
    private static let pieces: [[UInt8]] = [
        "\r\n", "\r\n\r\n", "\r\n ", "\"", "\\", "<", ">", ",", ";", "=", ":", "@", "%", "[", "]", "(", ")", " ", "\t",
        "*",
        "Content-Length: 5\r\n", "v: ", "SIP/2.0", ":::", "99999999999999999999", "\r", "\n", "\0",
    ].map { Array($0.utf8) }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func nothingBreaks(seed: UInt64) {
        var random = RandomSource(seed: seed)
        for _ in 0..<400 {
            var bytes = Self.seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &random) { Self.mutate(&bytes, using: &random) }
            let complaint = MessageExerciser(bytes).complaint
            #expect(complaint == nil, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    private static func mutate(_ bytes: inout [UInt8], using random: inout RandomSource) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let length = min(Int.random(in: 1...20, using: &random), bytes.count - place)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
        case 1: bytes.removeSubrange(place..<place + length)
        case 2: bytes.insert(contentsOf: Array(bytes[place..<place + length]), at: place)
        case 3: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
        default:
            let other = seeds.randomElement(using: &random) ?? []
            let from = Int.random(in: 0...other.count, using: &random)
            bytes.replaceSubrange(place..<place + length, with: other[from..<min(from + 30, other.count)])
        }
    }
}
