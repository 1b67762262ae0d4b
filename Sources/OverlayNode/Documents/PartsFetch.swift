/// How far it has come to get the parts of a user's documents.
///
/// The parts are looked up. When some are not found the document may have been replaced meanwhile, so that the documents are
/// looked up again; and what they are now is looked for once more, at as many nodes as there may be.
struct PartsFetch: Hashable, Sendable {
    /// How often parts are looked up while the documents change all the time.
    static let maximumRounds = 4

    /// How often parts were looked up.
    var round = 1
    /// The documents of which parts were not found the last time, by their records' keys.
    var missing: [[UInt8]: DocumentParts] = [:]
}
