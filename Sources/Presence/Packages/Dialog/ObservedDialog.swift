import XMLTree

/// A dialog or half of one, as its observed user sees it (RFC 4235 §4.1.1).
///
/// How long it has lasted is not kept: the number is right only at the moment at which it is written, and a document is
/// sent again long after.
package struct ObservedDialog: Hashable, Sendable {
    /// What tells it from the source's other dialogs.
    package var id: String
    package var callID: String?
    package var localTag: String?
    /// Nil in a half dialog of the initiator (RFC 4235 §4.1.1).
    package var remoteTag: String?
    package var direction: DialogDirection?
    package var state: DialogState
    /// What ended it.
    package var event: DialogEvent?
    /// The status code that brought it into its state.
    package var code: Int?
    /// The dialog that it replaced.
    package var replaces: DialogReference?
    /// Who sent the REFER that made it.
    package var referredBy: DialogIdentity?
    /// URIs, the next hop first.
    package var routeSet: [String] = []
    package var local: DialogParticipant?
    package var remote: DialogParticipant?
    /// Elements of other namespaces, as they can stand anywhere.
    package var extensions: [XMLElement] = []

    package init(id: String, direction: DialogDirection? = nil, state: DialogState) {
        self.id = id
        self.direction = direction
        self.state = state
    }

    /// Whether both ends of it are known by their tags.
    var isWhole: Bool { callID != nil && localTag != nil && remoteTag != nil }

    /// Whether two sources speak of the same dialog (RFC 3261 §12: Call-ID and both tags). Where one of them doesn't know
    /// a tag yet, it speaks of the half dialog that became the other's.
    func isSame(as other: ObservedDialog) -> Bool {
        guard let callID, callID == other.callID else { return false }
        let agree = { (mine: String?, theirs: String?) in mine == nil || theirs == nil || mine == theirs }
        return agree(localTag, other.localTag) && agree(remoteTag, other.remoteTag)
            && agree(direction?.rawValue, other.direction?.rawValue)
    }

    /// Adds what a less fresh source says of the same dialog.
    ///
    /// RFC 4235 §3.7.1: no state is followed by one before it. So whoever tells of the later state is right, however old
    /// that is; above all a dialog that has ended for one has ended.
    mutating func merge(_ other: ObservedDialog) {
        if other.state > state {
            state = other.state
            event = other.event
            code = other.code
        }
        localTag = localTag ?? other.localTag
        remoteTag = remoteTag ?? other.remoteTag
        direction = direction ?? other.direction
        replaces = replaces ?? other.replaces
        referredBy = referredBy ?? other.referredBy
        if routeSet.isEmpty { routeSet = other.routeSet }
        if extensions.isEmpty { extensions = other.extensions }
        Self.fill(&local, from: other.local)
        Self.fill(&remote, from: other.remote)
    }

    private static func fill(_ participant: inout DialogParticipant?, from other: DialogParticipant?) {
        guard let other else { return }
        guard participant != nil else {
            participant = other
            return
        }
        participant!.fill(from: other)
    }
}
