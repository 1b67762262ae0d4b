import Primitives

/// One publication of a user's state (RFC 3903 §4.1): what one client said of it, under the entity tag it was given.
struct Publication: Sendable {
    /// Its name in the journal; unlike the entity tag it stays the same while the publication lives.
    var key: [UInt8]
    var resource: EventResource
    /// What SIP-ETag said last.
    var entityTag: String
    /// The tag before that one; empty for a first publication.
    var formerTag = ""
    /// Whether its client came with the former tag and was turned away: it will publish anew in its place.
    var isGivenUp = false
    var expires: Instant
    /// When its content was last set, by the agent's version clock: what makes one publication fresher than another.
    var modified: Int64
    /// The document as it came.
    var body: [UInt8]
    /// The same, taken apart as its package has it.
    var state: any Sendable
}

extension Publication {
    private static let format: UInt8 = 2
    /// The one before other packages than presence could be published.
    private static let presenceFormat: UInt8 = 1

    /// The value kept in the journal.
    var encoded: [UInt8] {
        var writer = ByteWriter(reserving: body.count + 128)
        writer.uint8(Self.format)
        writer.string16(resource.user.description)
        writer.string16(resource.package.rawValue)
        writer.string16(entityTag)
        writer.string16(formerTag)
        writer.instant(expires)
        writer.int64(modified)
        writer.bytes32(body)
        return writer.bytes
    }

    init(key: [UInt8], decoding value: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(value)
        let format = try reader.uint8()
        guard format == Self.format || format == Self.presenceFormat else {
            throw MalformedBytes("a publication of another version")
        }
        guard let user = AddressOfRecord(try reader.string16()) else {
            throw MalformedBytes("a publication of nobody")
        }
        let name = format == Self.format ? try reader.string16() : EventPackage.presence.rawValue
        guard let package = EventPackage(rawValue: name), let composing = package.state else {
            throw MalformedBytes("a publication under an unknown package")
        }
        self.key = key
        resource = EventResource(user, package)
        entityTag = try reader.string16()
        if format == Self.format { formerTag = try reader.string16() }
        expires = try reader.instant()
        modified = try reader.int64()
        body = try reader.bytes32()
        try reader.end()
        do {
            state = try composing.anyState(of: body)
        } catch {
            throw MalformedBytes("a publication with a document that is \(error)")
        }
    }
}
