import Identity

/// What a lookup found.
package struct LookupOutcome: Sendable {
    /// The newest valid record for each key, by key; deleted ones are left out.
    package var records: [Record]
    /// The closest nodes that answered, nearest first.
    package var closest: [Contact]
    /// How many nodes answered with records that they store; 0 together with an empty `closest` means that nobody could
    /// be reached, and 0 together with records that these are copies.
    package var holders: Int
    /// What it cost.
    package var trace: LookupTrace
    /// The questions in the order in which they were asked, if it was to be traced.
    package var steps: [LookupStep] = []
}
