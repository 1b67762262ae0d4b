/// Why a node does not store, or a reader does not believe, a record (docs/protocol.md §4.5).
package enum RecordRefusal: UInt8, Error, Hashable, Sendable, CaseIterable {
    /// The signature of the record or of the certificate in it is wrong.
    case forged = 1
    /// The signer may not write here (``AccessRule``).
    case notAllowed = 2
    /// The record or its certificate has ended.
    case expired = 3
    /// It would last longer than its kind may.
    case lastsTooLong = 4
    /// A record with a higher sequence is held.
    case older = 5
    /// Another record with the same sequence is held, and takes precedence.
    case conflicting = 6
    /// The writer expected another sequence to be held (compare-and-swap).
    case unexpectedSequence = 7
    /// This writer has used up its share of this node.
    case writerQuota = 8
    /// This address has used up its share of this node.
    case addressQuota = 9
    /// The resource holds as many records as it may.
    case resourceFull = 10
    /// The node's store is full.
    case storeFull = 11
    /// Many nodes are closer to the resource.
    case notCloseEnough = 12
    /// The tombstone would end before the record that it deletes, which could then come back.
    case tombstoneTooShort = 13
    /// The value is not what its kind demands (a certificate record without that user's certificate).
    case unfitValue = 14
    /// The node is leaving the overlay or does not store for others.
    case unwilling = 15
}
