import Primitives

extension Record {
    /// Names the place of a record: its resource and the key within it. The newest record there is the valid one.
    package struct Identity: Hashable, Comparable, Sendable {
        package let kind: RecordKind
        package let resource: ResourceID
        package let key: [UInt8]

        package init(kind: RecordKind, resource: ResourceID, key: [UInt8]) {
            self.kind = kind
            self.resource = resource
            self.key = key
        }

        /// The identity as the key of a journal: kind, resource, key.
        package var bytes: [UInt8] {
            var writer = ByteWriter(reserving: 34 + key.count)
            writer.uint16(kind.rawValue)
            writer.append(resource.bits.bytes)
            writer.append(key)
            return writer.bytes
        }

        package static func < (a: Self, b: Self) -> Bool {
            if a.resource != b.resource { return a.resource < b.resource }
            if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
            return a.key.lexicographicallyPrecedes(b.key)
        }
    }
}
