import SIPMessages

/// What identifies a dialog to one of its ends (RFC 3261 §12).
package struct DialogID: Hashable, Sendable {
    package let callID: String
    package let localTag: String
    package let remoteTag: String

    package init(callID: String, localTag: String, remoteTag: String) {
        self.callID = callID
        self.localTag = localTag
        self.remoteTag = remoteTag
    }

    /// The dialog that a request from the peer belongs to; nil when it lies outside any (no To tag).
    ///
    /// RFC 3261 §12.2.2: the local tag of a request that arrives is that of its To, the remote tag that of its From.
    package init?(receiving request: SIPMessage) {
        guard let localTag = try? request.to.tag, let callID = try? request.callID, let from = try? request.from else {
            return nil
        }
        self.init(callID: callID, localTag: localTag, remoteTag: from.tag ?? "")
    }
}
