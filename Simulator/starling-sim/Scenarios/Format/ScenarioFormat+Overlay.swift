import OverlaySimulator
import Primitives

extension ScenarioFormat {
    private static let draft = ScenarioDraft()

    /// The parameters of the nodes themselves; docs/protocol.md §4 says what each does.
    static let overlay: [ScenarioKey<ScenarioDraft>] = [
        // An answer has room for 16 contacts.
        ScenarioKey("overlay.bucket-size", \.scenario.overlay.bucketSize, .count(2...16), in: draft),
        ScenarioKey(
            "overlay.wide-buckets", \.scenario.overlay.wideBuckets,
            .list(
                of: .count(2...4_096), each: "whole numbers, 2 to 4096", counts: 0...16, example: "[256, 128, 64, 32]"),
            in: draft),
        ScenarioKey("overlay.parallelism", \.scenario.overlay.parallelism, .count(1...32), in: draft),
        ScenarioKey("overlay.first-requests", \.scenario.overlay.firstRequests, .count(1...32), in: draft),
        ScenarioKey("overlay.spare-holders", \.scenario.overlay.spareHolders, .count(0...32), in: draft),
        ScenarioKey("overlay.most-requests", \.scenario.overlay.mostRequests, .count(1...32), in: draft),
        ScenarioKey("overlay.favoured-contacts", \.scenario.overlay.favouredContacts, .count(0...16), in: draft),
        ScenarioKey("overlay.watch-replicas", \.scenario.overlay.watchReplicas, .count(1...16), in: draft),
        ScenarioKey(
            "overlay.lease-duration", \.scenario.overlay.leaseDuration, .duration(.seconds(10) ... .hours(1)),
            in: draft),
        duration("overlay.republish-interval", \.scenario.overlay.republishInterval),
        duration("overlay.replication-interval", \.scenario.overlay.replicationInterval),
        duration("overlay.liveness-interval", \.scenario.overlay.livenessInterval),
        duration("overlay.neighbour-silence", \.scenario.overlay.neighbourSilence),
        duration("overlay.contact-silence", \.scenario.overlay.contactSilence),
        duration("overlay.bucket-refresh-interval", \.scenario.overlay.bucketRefreshInterval),
        ScenarioKey(
            "overlay.contacts-per-prefix-in-bucket", \.scenario.overlay.contactsPerPrefixInBucket, .count(1...4_096),
            in: draft),
        ScenarioKey(
            "overlay.contacts-per-prefix", \.scenario.overlay.contactsPerPrefix, .count(1...65_536), in: draft),
        bytes("overlay.store-bytes", \.scenario.overlay.storeBytes),
        bytes("overlay.store-bytes-per-writer", \.scenario.overlay.storeBytesPerWriter),
        bytes("overlay.store-bytes-per-domain", \.scenario.overlay.storeBytesPerDomain),
        bytes("overlay.store-bytes-per-address", \.scenario.overlay.storeBytesPerAddress),
        ScenarioKey(
            "overlay.records-per-resource", \.scenario.overlay.recordsPerResource, .count(1...1_000_000), in: draft),
        ScenarioKey(
            "overlay.mailbox-records-per-writer", \.scenario.overlay.mailboxRecordsPerWriter, .count(1...1_000_000),
            in: draft),
    ]

    private static func duration(
        _ name: String, _ path: WritableKeyPath<ScenarioDraft, Interval> & Sendable
    ) -> ScenarioKey<ScenarioDraft> {
        ScenarioKey(name, path, .duration(.milliseconds(100) ... .hours(720)), in: draft)
    }

    private static func bytes(
        _ name: String, _ path: WritableKeyPath<ScenarioDraft, Int> & Sendable
    ) -> ScenarioKey<ScenarioDraft> {
        ScenarioKey(name, path, .count(65_536...1_099_511_627_776), in: draft)
    }
}
