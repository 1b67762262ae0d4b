import Primitives

/// What stands, one after the other, inside a record or an answer.
enum Frame: Sendable {
    case datagram(Channel, ArraySlice<UInt8>)
    case fragment(Fragment)
    case acknowledgement(Acknowledgement)

    private static let datagramType: UInt8 = 1
    private static let fragmentType: UInt8 = 2
    private static let acknowledgementType: UInt8 = 3

    /// Type, channel, length.
    static let datagramHeaderLength = 1 + 1 + 2

    /// All frames, or none when one of them is malformed.
    static func decode(_ bytes: ArraySlice<UInt8>) throws(MalformedBytes) -> [Frame] {
        var reader = ByteReader(bytes)
        var frames: [Frame] = []
        // Each turn takes at least four of at most 1,280 bytes.
        while reader.remaining > 0 {
            switch try reader.uint8() {
            case datagramType:
                let channel = try channel(&reader)
                frames.append(.datagram(channel, try reader.take(Int(try reader.uint16()))))
            case fragmentType: frames.append(.fragment(try fragment(&reader)))
            case acknowledgementType:
                let number = try reader.uint64()
                frames.append(.acknowledgement(Acknowledgement(number: number, received: try reader.uint64())))
            default: throw MalformedBytes("a frame of an unknown type")
            }
        }
        return frames
    }

    func encode(into writer: inout ByteWriter) {
        switch self {
        case .datagram(let channel, let bytes):
            writer.uint8(Self.datagramType)
            writer.uint8(channel.rawValue)
            writer.bytes16(bytes)
        case .fragment(let fragment):
            writer.uint8(Self.fragmentType)
            writer.uint8(fragment.channel.rawValue)
            writer.uint64(fragment.number)
            writer.uint8(UInt8(fragment.index))
            writer.uint8(UInt8(fragment.count))
            writer.bytes16(fragment.bytes)
        case .acknowledgement(let acknowledgement):
            writer.uint8(Self.acknowledgementType)
            writer.uint64(acknowledgement.number)
            writer.uint64(acknowledgement.received)
        }
    }

    private static func channel(_ reader: inout ByteReader) throws(MalformedBytes) -> Channel {
        guard let channel = Channel(rawValue: try reader.uint8()) else {
            throw MalformedBytes("a frame of an unknown channel")
        }
        return channel
    }

    private static func fragment(_ reader: inout ByteReader) throws(MalformedBytes) -> Fragment {
        let channel = try channel(&reader)
        let number = try reader.uint64()
        let index = Int(try reader.uint8())
        let count = Int(try reader.uint8())
        let bytes = try reader.take(Int(try reader.uint16()))
        guard number < .max, (1...Fragment.maximumCount).contains(count), index < count,
            index == count - 1 ? bytes.count <= Fragment.length : bytes.count == Fragment.length,
            count == 1 || !bytes.isEmpty
        else { throw MalformedBytes("a fragment that is no part of a message") }
        return Fragment(channel: channel, number: number, index: index, count: count, bytes: bytes)
    }
}
