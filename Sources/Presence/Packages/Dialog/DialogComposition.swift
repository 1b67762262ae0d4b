import Primitives
import SIPMessages
import XMLTree

/// The dialogs of a user out of what all sources say of them.
enum DialogComposition {
    /// How many dialogs a composed document holds; those of the least fresh sources are left out.
    static let maximumDialogs = 64
    /// The id of the dialog that stands where there is none: see ``document(of:_:)``.
    static let idleID = "idle"

    private static let numbering = NumberedDocument(root: "dialog-info", namespace: DialogNames.namespace)

    /// Each dialog once, in the order of the sources, of which the freshest comes first.
    static func dialogs(from sources: [DialogInformation]) -> [ObservedDialog] {
        // The one that stands for none may come back composed, from another node.
        let all = sources.flatMap(\.dialogs).filter { $0.id != idleID || $0.callID != nil }
        // Whole dialogs first: a half one is then known as the one that it became. One that was ended before it was
        // whole ends all that came of it (RFC 4235 §3.7.1: every state machine of the INVITE).
        let order = all.indices.filter { all[$0].isWhole } + all.indices.filter { !all[$0].isWhole }
        var merged: [(rank: Int, dialog: ObservedDialog)] = []
        for index in order {
            let same = merged.indices.filter { merged[$0].dialog.isSame(as: all[index]) }
            for position in same {
                merged[position].dialog.merge(all[index])
                merged[position].rank = min(merged[position].rank, index)
            }
            if same.isEmpty { merged.append((index, all[index])) }
        }
        merged.sort { $0.rank < $1.rank }
        var ids: Set<String> = []
        return merged.prefix(maximumDialogs).map { _, dialog in
            // RFC 4235 §4.1.1: ids are unique, and two phones may number their lines alike.
            var unique = dialog
            var number = 1
            while !ids.insert(unique.id).inserted {
                number += 1
                unique.id = "\(dialog.id)-\(number)"
            }
            return unique
        }
    }

    /// A full document, in UTF-8, under the version 0.
    ///
    /// RFC 4235 §4.1 lets a document be without a dialog, but the lamps of some phones stay as they were then (Yealink,
    /// Bria, Aastra): so one that has ended and says nothing else stands where there is none.
    static func document(of entity: String, _ dialogs: [ObservedDialog]) -> [UInt8] {
        var writer = XMLWriter(scope: [XMLDeclaration(namespace: DialogNames.namespace)])
        for dialog in dialogs.isEmpty ? [ObservedDialog(id: idleID, state: .terminated)] : dialogs {
            writer.write(dialog.element)
        }
        return numbering.document(
            "state=\"full\" entity=\"\(XMLWriter.escaped(entity))\">\(String(decoding: writer.bytes, as: UTF8.self))"
                + "</dialog-info>\n")
    }

    static func numbered(_ document: [UInt8], _ version: UInt32) -> [UInt8] { numbering.numbered(document, version) }
}
