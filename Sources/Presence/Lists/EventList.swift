import SIPMessages

/// The event list extension (RFC 4662), and lists in requests (RFC 5367).
package enum EventList {
    /// RFC 4662 §8.1: who supports it understands notifications of lists.
    static let optionTag = "eventlist"
    /// RFC 5367 §9.2: who requires it sends the list in the request.
    static let containedOptionTag = "recipient-list-subscribe"
    package static let optionTags = [optionTag, containedOptionTag]

    private static let multipart = MediaType("multipart", "related")
    private static let rlmi = MediaType("application", "rlmi+xml")

    /// What a subscriber to a list has to accept besides its package's documents.
    static let accept = "\(multipart), \(rlmi)"

    /// RFC 4662 §4.3: an Accept header field must name both types of a notification. Without one, support of the
    /// extension says enough.
    static func isAcceptable(_ ranges: [MediaType]?) -> Bool {
        guard let ranges else { return true }
        return [multipart, rlmi].allSatisfy { type in ranges.contains { $0.accepts(type) } }
    }

    /// Whether a request asks for a subscription to the list in its body.
    package static func isContained(in message: SIPMessage) throws(SIPParseError) -> Bool {
        try message.require.contains { $0.lowercased() == containedOptionTag }
    }

    /// The members of the list in a request's body.
    /// - Throws: 400 for a list that can't be read, 413 for one that is too long.
    static func members(of message: SIPMessage) throws(SIPParseError) -> [ListMember] {
        do {
            return FlatList(try ResourceList(parsing: message.body)).members
        } catch {
            throw SIPParseError(status: error == .tooLarge ? 413 : 400, "The list can't be used: \(error)")
        }
    }
}
