import Primitives
import SIPMessages

/// A call as it is kept over a restart: who is in it, and those of its dialogs that go on.
extension TrackedCall {
    private static let format: UInt8 = 1

    var encoded: [UInt8] {
        var writer = ByteWriter(reserving: 512)
        writer.uint8(Self.format)
        writer.string16(key.callID)
        writer.string16(key.callerTag)
        writer.uint32(sequence)
        for text in [
            caller?.description, callee?.description, callerIdentity.uri, callerIdentity.displayName,
            calleeIdentity.uri,
            calleeIdentity.displayName, callerTarget, referredBy?.uri, referredBy?.displayName,
        ] { Self.write(text, into: &writer) }
        let kept = legs.filter { $0.state == .confirmed }
        writer.uint8(UInt8(kept.count))
        for leg in kept {
            Self.write(leg.tag, into: &writer)
            writer.uint16(UInt16(clamping: leg.code ?? 0))
            Self.write(leg.target, into: &writer)
            writer.instant(leg.expires)
            writer.uint8(leg.hasSessionTimer ? 1 : 0)
        }
        return writer.bytes
    }

    init(decoding value: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(value)
        guard try reader.uint8() == Self.format else { throw MalformedBytes("a call of another version") }
        key = Key(callID: try reader.string16(), callerTag: try reader.string16())
        sequence = try reader.uint32()
        id = Self.id(key, sequence: sequence)
        caller = try Self.text(from: &reader).flatMap { AddressOfRecord($0) }
        callee = try Self.text(from: &reader).flatMap { AddressOfRecord($0) }
        guard let callerIdentity = try Self.identity(from: &reader),
            let calleeIdentity = try Self.identity(from: &reader)
        else { throw MalformedBytes("a call of nobody") }
        self.callerIdentity = callerIdentity
        self.calleeIdentity = calleeIdentity
        callerTarget = try Self.text(from: &reader)
        referredBy = try Self.identity(from: &reader)
        // What it replaced was ended when it was answered.
        replaces = nil
        isPending = false
        legs = []
        let count = Int(try reader.uint8())
        guard (1...Self.maximumLegs + 1).contains(count), caller != nil || callee != nil else {
            throw MalformedBytes("a call without a dialog or without a user")
        }
        for _ in 0..<count {
            let tag = try Self.text(from: &reader)
            let code = Int(try reader.uint16())
            var leg = TrackedLeg(tag: tag, state: .confirmed, expires: Instant(nanoseconds: 0))
            leg.code = code == 0 ? nil : code
            leg.target = try Self.text(from: &reader)
            leg.expires = try reader.instant()
            leg.hasSessionTimer = try reader.uint8() != 0
            legs.append(leg)
        }
        try reader.end()
    }

    private static func write(_ text: String?, into writer: inout ByteWriter) {
        writer.uint8(text == nil ? 0 : 1)
        if let text { writer.string16(text) }
    }

    private static func text(from reader: inout ByteReader) throws(MalformedBytes) -> String? {
        try reader.uint8() == 0 ? nil : try reader.string16()
    }

    private static func identity(from reader: inout ByteReader) throws(MalformedBytes) -> DialogIdentity? {
        let uri = try text(from: &reader)
        let displayName = try text(from: &reader)
        return uri.map { DialogIdentity(uri: $0, displayName: displayName) }
    }
}
