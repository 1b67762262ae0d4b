import XMLTree

/// The dialog in whose place another came (RFC 4235 §4.1.4), seen from the end of the observed user.
package struct DialogReference: Hashable, Sendable {
    package var callID: String
    package var localTag: String
    package var remoteTag: String

    package init(callID: String, localTag: String, remoteTag: String) {
        self.callID = callID
        self.localTag = localTag
        self.remoteTag = remoteTag
    }

    /// - Returns: nil when one of its attributes is missing: RFC 4235 §4.4 asks for all three.
    init?(parsing element: XMLElement) {
        guard let callID = element[attribute: DialogNames.callID],
            let localTag = element[attribute: DialogNames.localTag],
            let remoteTag = element[attribute: DialogNames.remoteTag]
        else { return nil }
        self.init(callID: callID, localTag: localTag, remoteTag: remoteTag)
    }

    var element: XMLElement {
        var element = XMLElement(DialogNames.replaces)
        element[attribute: DialogNames.callID] = callID
        element[attribute: DialogNames.localTag] = localTag
        element[attribute: DialogNames.remoteTag] = remoteTag
        return element
    }
}
