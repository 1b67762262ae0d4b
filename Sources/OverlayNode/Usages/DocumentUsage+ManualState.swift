import Presence
import Primitives
import XCAP

/// How users say to be, whether a phone of theirs publishes or not (RFC 4827), out of their documents.
extension DocumentUsage {
    /// Says what the user's document about it is, if that is another than was said last.
    ///
    /// It counts from when it was written, at every gateway, so the record's sequence is its version. One that is kept in
    /// parts is far larger than a phone's and not looked at: it would be composed and told at each change.
    mutating func tellManualState(of user: AddressOfRecord, into actions: inout [Action]) {
        let usage = PIDFManipulationUsage()
        guard let known = users[user],
            let selector = DocumentSelector(auid: usage.auid, tree: .user(user), path: ["index"])
        else { return }
        let held = known[selector].flatMap { $0.parts == nil ? $0 : nil }
        guard held?.record.sequence != known.toldManualState else { return }
        users[user]!.toldManualState = held?.record.sequence
        guard let held, let content = held.content else {
            return actions.append(.manualState(user, nil, version: 0))
        }
        do throws(PresenceDocumentError) {
            let document = try PresenceDocument(parsing: content.bytes)
            actions.append(.manualState(user, document, version: held.record.sequence))
        } catch {
            actions.append(.manualState(user, nil, version: 0))
            actions.append(
                .observe(
                    Observation(
                        .warning, "manual-state-unreadable",
                        "what \(user) keeps as presence can't be read and is left out: \(error)")))
        }
    }
}
