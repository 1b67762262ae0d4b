import Identity
import Kademlia
import Primitives

/// Passes messages through their encoding, and through the encryption of sessions, as they pass between real nodes.
struct WireFormat: Sendable {
    private let key: SymmetricKey
    /// The part of a record's head that is authenticated (docs/protocol.md §3.6).
    private static let header = [UInt8](repeating: 0xE5, count: 17)

    init(random: inout RandomSource) { key = SymmetricKey(random: &random) }

    /// The message as the receiver has it, and how long it was; nil when it could not be read, which never happens.
    func pass(_ message: Message, counter: UInt64, _ world: World) -> Message? {
        let sealed = key.seal(message.encode(contacts: world.contacts), counter: counter, header: Self.header)
        guard let bytes = key.open(sealed.dropFirst(Self.header.count), counter: counter, header: Self.header) else {
            return nil
        }
        return try? Message(decoding: bytes) { contact in
            world.addresses.index(of: contact.endpoint).map { ContactHandle(index: UInt32($0)) }
        }
    }
}
