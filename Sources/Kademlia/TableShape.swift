/// The part of a configuration that a routing table needs, small enough for every table to have its own.
struct TableShape: Sendable {
    let bucketSize: Int
    let replacements: Int
    let contactsPerPrefix: Int
    let contactsPerPrefixInBucket: Int
    private let wideBuckets: [Int]

    init(_ configuration: KademliaConfiguration) {
        bucketSize = configuration.bucketSize
        replacements = configuration.replacements
        contactsPerPrefix = configuration.contactsPerPrefix
        contactsPerPrefixInBucket = configuration.contactsPerPrefixInBucket
        wideBuckets = configuration.wideBuckets
    }

    func capacity(of bucket: Int) -> Int { bucket < wideBuckets.count ? wideBuckets[bucket] : bucketSize }
}
