import Primitives
import SIPMessages
import SIPStack

/// An INVITE outside a dialog and all dialogs that it has made.
struct TrackedCall: Sendable {
    /// What all its messages have in common, but for the callee's tags (RFC 3261 §12).
    struct Key: Hashable, Sendable {
        var callID: String
        var callerTag: String

        /// In a journal.
        var bytes: [UInt8] { Digest.sha256(Array("\(callID)\0\(callerTag)".utf8)) }
    }

    /// More devices than ring at once for anybody.
    static let maximumLegs = 16

    let key: Key
    /// What its dialogs are called in documents: the same at every proxy that the INVITE passes, and after a restart.
    let id: String
    /// Users of this node; nil where an end is none.
    let caller: AddressOfRecord?
    let callee: AddressOfRecord?
    let callerIdentity: DialogIdentity
    let calleeIdentity: DialogIdentity
    let callerTarget: String?
    /// Of the INVITE.
    let sequence: UInt32
    /// Whose dialog it takes over.
    let replaces: Replaces?
    let referredBy: DialogIdentity?
    /// Never empty.
    var legs: [TrackedLeg]
    /// Whether the INVITE has no final response yet.
    var isPending = true
    /// When the last of its dialogs ended.
    var ended: Instant?
    /// Whether it is in the journal.
    var isKept = false

    /// See ``id``.
    static func id(_ key: Key, sequence: UInt32) -> String {
        Hex.encode(Digest.sha256(Array("\(key.callID)\0\(key.callerTag)\0\(sequence)".utf8)).prefix(6))
    }

    var isLive: Bool { legs.contains(where: \.isLive) }

    var users: Set<AddressOfRecord> { Set([caller, callee].compactMap(\.self)) }

    /// The position of the dialog with this tag of the callee.
    ///
    /// RFC 4235 §3.7.1: the first tag makes a dialog of the half one, a further one makes another.
    /// - Returns: nil when there are more dialogs than are tracked.
    mutating func leg(_ tag: String, expires: Instant) -> Int? {
        if let known = legs.firstIndex(where: { $0.tag == tag }) { return known }
        if let half = legs.firstIndex(where: { $0.tag == nil && $0.isLive }) {
            legs[half].tag = tag
            return half
        }
        guard legs.count < Self.maximumLegs else { return nil }
        legs.append(TrackedLeg(tag: tag, state: .early, expires: expires))
        return legs.count - 1
    }

    /// Ends the dialogs whose branches have had a final response, as long as another is left.
    mutating func endRefused() {
        for index in legs.indices where legs[index].isLive {
            guard let status = legs[index].refusal, legs.filter(\.isLive).count > 1 else { continue }
            legs[index].end(.refused(status))
        }
    }

    /// Its dialogs as a user sees them who is one of its ends or both.
    func dialogs(of user: AddressOfRecord) -> [ObservedDialog] {
        var seen: [ObservedDialog] = []
        if user == caller { seen += legs.indices.map { dialog($0, seenByCaller: true) } }
        if user == callee { seen += legs.indices.map { dialog($0, seenByCaller: false) } }
        return seen
    }

    private func dialog(_ position: Int, seenByCaller isCaller: Bool) -> ObservedDialog {
        let leg = legs[position]
        // Who calls a device of one's own has both ends of the call.
        let isSelfCall = caller == callee && !isCaller
        var seen = ObservedDialog(
            id: id + (position > 0 ? ".\(position)" : "") + (isSelfCall ? ".r" : ""),
            direction: isCaller ? .initiator : .recipient, state: leg.state)
        seen.callID = key.callID
        seen.localTag = isCaller ? key.callerTag : leg.tag
        seen.remoteTag = isCaller ? leg.tag : key.callerTag
        seen.event = leg.event(seenByCaller: isCaller)
        seen.code = leg.code
        seen.referredBy = referredBy
        // RFC 3891 §3: to-tag is the local tag of whom the INVITE goes to, who alone is in the dialog replaced.
        if let replaces, !isCaller {
            seen.replaces = DialogReference(
                callID: replaces.callID, localTag: replaces.toTag, remoteTag: replaces.fromTag)
        }
        let callerEnd = DialogParticipant(identity: callerIdentity, target: callerTarget.map { DialogTarget(uri: $0) })
        let calleeEnd = DialogParticipant(identity: calleeIdentity, target: leg.target.map { DialogTarget(uri: $0) })
        seen.local = isCaller ? callerEnd : calleeEnd
        seen.remote = isCaller ? calleeEnd : callerEnd
        return seen
    }
}
