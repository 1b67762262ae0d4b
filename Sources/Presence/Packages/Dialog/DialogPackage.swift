import Primitives
import SIPMessages
import XMLTree

/// The calls of a user: `dialog` (RFC 4235), by which a phone lights the lamp of a busy colleague.
package enum DialogPackage: EventStatePackage {
    package static let documentType = MediaType("application", "dialog-info+xml")
    package static let access = EventPackageAccess.rules
    package static let isPublished = true

    package static func state(of document: [UInt8]) throws(EventStateError) -> DialogInformation {
        try DialogInformation(parsing: document)
    }

    package static func state(composedElsewhere document: [UInt8]) throws(EventStateError) -> DialogInformation {
        try DialogInformation(parsing: document, maximumDialogs: DialogComposition.maximumDialogs)
    }

    package static func document(of resource: AddressOfRecord, from states: [DialogInformation]) -> [UInt8] {
        DialogComposition.document(
            of: SIPURI(resource).description, DialogComposition.dialogs(from: states))
    }

    /// Those who may not see everything see how many dialogs there are, which way they go and in which state they are.
    ///
    /// RFC 4235 §3.7.2: who has no permission for more gets no identifier of a dialog, and not who is in it. Presence
    /// rules (RFC 5025) have no permission for parts of a dialog, so there are only these two degrees.
    package static func document(
        _ document: [UInt8], permittedBy permissions: PresencePermissions
    ) -> [UInt8]? {
        guard permissions != .everything else { return document }
        // It is composed of documents that were small enough each.
        let limits = XMLLimits(size: document.count, depth: XMLLimits.standard.depth)
        guard let root = try? XMLDocument(parsing: document, limits: limits).root,
            let entity = root[attribute: DialogNames.entity],
            let dialogs = try? DialogInformation(parsing: root, maximumDialogs: DialogComposition.maximumDialogs)
                .dialogs
        else { return nil }
        let reduced = dialogs.enumerated().map { place, dialog in
            // The one that stands for none has to look the same to everybody.
            let id = dialog.id == DialogComposition.idleID ? dialog.id : "\(place + 1)"
            return ObservedDialog(id: id, direction: dialog.direction, state: dialog.state)
        }
        return DialogComposition.document(of: entity, reduced)
    }

    package static func document(_ document: [UInt8], version: UInt32) -> [UInt8] {
        DialogComposition.numbered(document, version)
    }
}
