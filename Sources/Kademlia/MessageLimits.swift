/// How large messages may be (docs/protocol.md §4.2).
package enum MessageLimits {
    /// Contacts in one answer: as many as a bucket holds.
    package static let contacts = 16
    /// Records in one page, whatever their size.
    package static let pageRecords = 256
    /// The records of one page together: with contacts and header it stays below a session's 64 KiB.
    package static let pageBytes = 49_152
    /// What fits into one datagram of a session (docs/protocol.md §3.9).
    package static let datagramBytes = 1_080
    /// A message may not be longer: a page, contacts and some room.
    package static let messageBytes = 53_248
}
