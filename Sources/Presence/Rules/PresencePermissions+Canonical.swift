import Primitives
import XMLTree

extension PresencePermissions {
    /// The same bytes for equal permissions, whichever rules granted them: keys are derived from it.
    var canonical: [UInt8] {
        var writer = ByteWriter()
        writer.uint8(1)
        for occurrences in [devices, persons, services] {
            switch occurrences {
            case .all: writer.uint8(1)
            case .selected(let selectors):
                writer.uint8(0)
                Self.write(selectors.map(Self.encoded), to: &writer)
            }
        }
        switch attributes {
        case .all: writer.uint8(1)
        case .some(let known, let unknown, let userInput):
            writer.uint8(0)
            Self.write(known.map { Array($0.rawValue.utf8) }, to: &writer)
            Self.write(unknown.map(Self.encoded), to: &writer)
            writer.uint8(UInt8(userInput.rawValue))
        }
        return writer.bytes
    }

    /// The members of a set, in an order that does not depend on how it is kept.
    private static func write(_ members: [[UInt8]], to writer: inout ByteWriter) {
        writer.uint32(UInt32(members.count))
        for member in members.sorted(by: { $0.lexicographicallyPrecedes($1) }) { writer.bytes32(member) }
    }

    private static func encoded(_ selector: OccurrenceSelector) -> [UInt8] {
        let (kind, value): (UInt8, String) =
            switch selector {
            case .class(let value): (1, value)
            case .occurrenceID(let value): (2, value)
            case .deviceID(let value): (3, value)
            case .serviceURI(let value): (4, value)
            case .serviceURIScheme(let value): (5, value)
            }
        return [kind] + value.utf8
    }

    private static func encoded(_ name: XMLName) -> [UInt8] {
        var writer = ByteWriter()
        writer.bytes32(name.namespace.utf8)
        writer.bytes32(name.local.utf8)
        return writer.bytes
    }
}
