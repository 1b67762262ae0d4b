import Primitives
import SIPMessages

/// Messages that wait for a user: `message-summary` (RFC 3842).
package enum MessageSummaryPackage: EventStatePackage {
    package static let documentType = MediaType("application", "simple-message-summary")
    /// RFC 3842 §6: what somebody's mailbox holds is nobody else's business.
    package static let access = EventPackageAccess.owner
    package static let isPublished = true

    package static func state(of document: [UInt8]) throws(EventStateError) -> MessageSummary {
        try MessageSummary(parsing: document)
    }

    /// The mailboxes of a user as one.
    ///
    /// RFC 3842 §3.10: messages wait if they do in any of them; summary lines may be merged if each of them has at least
    /// one, so that no sum leaves out messages that nobody counted. A sum speaks of the account that was subscribed to,
    /// and a single mailbox of the one that it named.
    package static func document(of resource: AddressOfRecord, from states: [MessageSummary]) -> [UInt8] {
        // Who counts nothing and has nothing waiting may be a node that knows of no mailbox: it says nothing of others'.
        let states = states.filter { $0.isWaiting || !$0.lines.isEmpty }
        guard states.count != 1 else { return states[0].serialized }
        var merged = MessageSummary(isWaiting: states.contains(where: \.isWaiting))
        guard !states.isEmpty else { return merged.serialized }
        merged.account = SIPURI(resource).description
        if states.allSatisfy({ !$0.lines.isEmpty }) {
            for line in states.flatMap(\.lines) {
                // More classes than any mailbox may have are left out; that messages wait is said all the same.
                try? merged.add(line)
            }
        }
        return merged.serialized
    }

    /// It is shown to its owner alone, who may see all of it.
    package static func document(
        _ document: [UInt8], permittedBy permissions: PresencePermissions
    ) -> [UInt8]? {
        permissions == .everything ? document : nil
    }
}
