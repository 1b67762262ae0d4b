import XMLTree

/// What one source says of a user's dialogs (RFC 4235 §4).
package struct DialogInformation: Hashable, Sendable {
    /// How many dialogs a document may tell of: a phone has a handful of lines.
    package static let maximumDialogs = 32

    /// In the order of the document.
    package var dialogs: [ObservedDialog]

    package init(dialogs: [ObservedDialog] = []) { self.dialogs = dialogs }

    /// Parses a document from outside.
    ///
    /// A partial document (RFC 4235 §4.3) adds to what a subscriber was told before, but a publication stands for itself:
    /// each one replaces the one before it (RFC 3903 §4.1). So what it names is all that its phone is taken to have. A
    /// dialog that it passes over may be missed until the phone speaks of it again, or the proxy does that the call went
    /// through; were it kept, a dialog that ended unseen would keep a lamp lit.
    ///
    /// - Parameter maximumDialogs: how many it may tell of; more where it was composed of several documents.
    package init(
        parsing bytes: [UInt8], maximumDialogs: Int = DialogInformation.maximumDialogs
    ) throws(EventStateError) {
        let root: XMLElement
        do {
            root = try XMLDocument(parsing: bytes).root
        } catch {
            throw EventStateError(error.description)
        }
        try self.init(parsing: root, maximumDialogs: maximumDialogs)
    }

    init(parsing root: XMLElement, maximumDialogs: Int) throws(EventStateError) {
        guard root.name == DialogNames.dialogInfo else {
            throw EventStateError("not a dialog information document: the root is \(root.name)")
        }
        dialogs = []
        var ids: Set<String> = []
        for element in root.all(DialogNames.dialog) {
            guard dialogs.count < maximumDialogs else { throw EventStateError("more dialogs than are accepted") }
            let dialog = try ObservedDialog(parsing: element, in: [root])
            // RFC 4235 §4.1.1: an id is unique among the current dialogs.
            guard ids.insert(dialog.id).inserted else { throw EventStateError("two dialogs with the id \(dialog.id)") }
            dialogs.append(dialog)
        }
    }
}
