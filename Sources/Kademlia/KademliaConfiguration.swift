import Primitives

/// What an operator or a scenario may choose about the overlay. The defaults are those of docs/protocol.md §4.
package struct KademliaConfiguration: Sendable {
    /// Contacts in a bucket, nodes that store a record, and contacts in an answer.
    package var bucketSize = 16
    /// The buckets that cover a half, a quarter, an eighth and a sixteenth of the space are wider: each hop saved there is
    /// saved by every lookup.
    package var wideBuckets = [256, 128, 64, 32]
    /// Contacts of each bucket that would be in it if there were room.
    package var replacements = 8
    /// Requests of one lookup under way at once.
    package var parallelism = 5
    /// Requests of one lookup under way until the first answer, which mostly shows the way to all that matter.
    package var firstRequests = 3
    /// Of the contacts that a lookup begins with, as many are asked first because they answer soonest.
    package var favouredContacts = 2
    /// Requests of a lookup of records under way at most, those to contacts that turned out not to be needed included.
    package var mostRequests = 8
    /// Nodes that should hold what is looked up and are asked beside those whose answer is needed: some may be gone.
    package var spareHolders = 4
    /// Storing nodes at which a watcher holds a lease: one delivers a change, the others stand in when it dies.
    package var watchReplicas = 3
    /// How long a lease lasts; it is renewed after half of it.
    package var leaseDuration = Interval.seconds(300)
    /// How often the writer stores a record again at the nodes that are closest by then.
    package var republishInterval = Interval.minutes(30)
    /// How often a storing node sees to it that the other replicas exist.
    package var replicationInterval = Interval.minutes(20)
    /// How often some contacts at most are pinged because they were silent.
    package var livenessInterval = Interval.seconds(15)
    /// A contact among the closest is pinged after so long without a word from it.
    package var neighbourSilence = Interval.seconds(120)
    /// Any other contact is.
    package var contactSilence = Interval.minutes(15)
    /// A bucket in which nothing was looked up for so long is refreshed.
    package var bucketRefreshInterval = Interval.hours(1)
    /// How often contacts are handed to the journal.
    package var rememberInterval = Interval.minutes(10)
    /// Address blocks that are exempt from the limits of address diversity, as loopback always is: a laboratory's
    /// network or a company's private one.
    package var exemptPrefixes: [AddressPrefix] = []
    /// Contacts of one /24 (IPv6: /48) in a bucket.
    package var contactsPerPrefixInBucket = 2
    /// Contacts of one /24 (IPv6: /48) in the table, and candidates of one in a lookup.
    package var contactsPerPrefix = 10
    /// Candidates of one network of such blocks (IPv4 /16, IPv6 /32) in a lookup.
    package var contactsPerNetwork = 16
    /// Ways that share no node, for lookups before a store and for certificates.
    package var disjointPaths = 3
    /// Whether the node counts as reachable until the contrary has shown itself. Otherwise it is a client until
    /// somebody that it had not spoken to has reached it.
    package var assumesReachable = true
    /// How often the node finds out whether others can reach it.
    package var reachabilityInterval = Interval.minutes(10)
    /// How often a client says something to those who push changes to it, so that address translators let them in.
    package var keepOpenInterval = Interval.seconds(25)
    /// Whether what is wanted of a node that joins waits until it has found out whether others can reach it.
    package var isPatient = true
    /// Bytes of records that this node holds for the overlay.
    package var storeBytes = 256 << 20
    /// Bytes that one writer may have stored here; a domain, which signs for all its users, has
    /// ``storeBytesPerDomain``.
    package var storeBytesPerWriter = 4 << 20
    /// Bytes that one domain's key may have stored here.
    package var storeBytesPerDomain = 64 << 20
    /// Bytes that one address (IPv6: /64) may have stored here.
    package var storeBytesPerAddress = 64 << 20
    /// Records in one resource.
    package var recordsPerResource = 1_024
    /// Messages that one sender may have in one mailbox.
    package var mailboxRecordsPerWriter = 64
    /// How long copies of records that others store are kept at the nodes next to those; farther off they are kept for
    /// less.
    package var cacheLifetime = Interval.minutes(10)
    /// Bytes of such copies.
    package var cacheBytes = 1 << 20
    /// Tokens that come in a second into the bucket of each node that asks something of this one. A store takes 5, which
    /// makes 200 signatures and as many certificates a second: two hundredths of a processor.
    package var requestTokensPerSecond = 1_000
    /// Tokens that a full bucket holds: a gateway that starts again asks for all its users at once.
    package var requestTokensAtOnce = 4_000
    /// The bucket of an address (IPv6: /64) is so many times as large: several nodes may share it.
    package var requestSharesOfAddress = 4
    /// Records that this node hands over to others in a second; well below what those take.
    package var handOversPerSecond = 100

    package init() {}
}
