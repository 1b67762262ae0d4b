/// Why a user's documents are kept at hand though nobody calls: their rules or lists are needed.
package enum FollowReason: Hashable, Sendable {
    /// Somebody here watches the user.
    case watched
    /// The user publishes here.
    case publishing
    /// The user subscribes to a list of theirs here.
    case listing
    /// Somebody wants to know when the user's documents change.
    case noticing
}
