import Identity
import Presence
import Primitives

/// The keys of a user under which nodes store and tell their presence (docs/protocol.md §5.4). All nodes that hold the user's
/// account derive the same, so that none has to be told which ones are in use, and none is lost in a restart.
package struct PresenceSecrets: Sendable {
    /// A key is for what is written within so long: one that got lost opens nothing newer.
    package static let epoch = Interval.hours(24)

    private let base: SymmetricKey

    package init(of identity: UserIdentity) { base = identity.secret(context: "presence") }

    /// For nodes that hold the account too, what that node says.
    package func whole(from node: NodeID) -> SymmetricKey {
        base.derived(context: Array("whole ".utf8) + node.bits.bytes)
    }

    /// For a class of watchers, what any node of the user says. Who is to think that the user is offline gets a key like any
    /// other, for which nothing is ever sealed.
    package func variant(for watchers: WatcherClass, as watcher: AddressOfRecord? = nil, at now: Instant) -> VariantKey
    {
        var writer = ByteWriter()
        writer.append("epoch ".utf8)
        writer.uint64(now.secondsSince1970 / UInt64(Self.epoch.secondsRoundedUp))
        writer.append(Hash.blake2b256(watchers.basis).bytes)
        let epoch = base.derived(context: writer.bytes)
        if let permissions = watchers.permissions {
            return VariantKey(epoch.derived(context: Array("class ".utf8) + permissions))
        }
        return VariantKey(epoch.derived(context: "nobody \(watcher?.description ?? "")"))
    }
}
