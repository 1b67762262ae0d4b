import Primitives
import SIPMessages
import XMLTree

/// The raw presence document of a presentity out of all that is known of it (RFC 4479 §3, RFC 3863 §4.1).
///
/// Sources come freshest first. Of two descriptions of the same tuple, person or device the fresher one stays;
/// what only one source knows stays as it is, elements that are not understood here included. The result depends on
/// nothing but the sources and their order.
package enum Composition {
    /// The id of the tuple that says "closed" of a presentity nothing is known of. It gives way to any other tuple
    /// when documents of several nodes are composed.
    package static let neutralID = "nobody"

    /// The id of the tuple that says "open" of a presentity of which no more is known than that phones are registered.
    /// It gives way to every tuple but the neutral one.
    static let registeredID = "registered"

    /// What registrations alone say of a presentity.
    static func registered(_ presentity: AddressOfRecord) -> PresenceDocument {
        let entity = XMLWriter.escaped(SIPURI(presentity).description)
        let element = PresenceElement(
            kind: .tuple, identity: Array(registeredID.utf8), id: registeredID,
            bytes: Array(tuple(registeredID, .open, entity).utf8))
        return PresenceDocument(element, basic: .open)
    }

    /// What is said of a presentity who was seen and is no more: closed, and since when.
    ///
    /// RFC 3863 §4.1.7: a tuple's timestamp tells when its status changed.
    static func absent(_ presentity: AddressOfRecord, since: Instant) -> PresenceDocument {
        let entity = XMLWriter.escaped(SIPURI(presentity).description)
        let tuple = tuple(neutralID, .closed, entity, since: since)
        let element = PresenceElement(
            kind: .tuple, identity: Array(neutralID.utf8), id: neutralID, bytes: Array(tuple.utf8))
        return PresenceDocument(element, basic: .closed)
    }

    /// How many elements a composed document holds: many more than the devices of a person describe. What is least
    /// fresh is left out, so that publications at many nodes together cost no more than this at each change.
    package static let maximumElements = 512

    /// What is declared on the root of every document written here.
    static let scope = [XMLDeclaration(namespace: PIDF.namespace)]

    /// The document of `presentity`, in UTF-8.
    package static func document(of presentity: AddressOfRecord, from sources: [PresenceDocument]) -> [UInt8] {
        let chosen = choose(from: sources)
        var bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)
        bytes.reserveCapacity(256 + chosen.reduce(0) { $0 + $1.bytes.count })
        let entity = XMLWriter.escaped(SIPURI(presentity).description)
        // RFC 3863 §4.1.1: `entity` names the presentity. Clients match it against their contact list, so it is
        // the address of record, whatever the publisher wrote.
        bytes += "<presence xmlns=\"\(PIDF.namespace)\" entity=\"\(entity)\">".utf8
        // RFC 3863 §4.1.1: tuples first, then notes, then extensions from other namespaces.
        let rank = { (element: PresenceElement) in element.kind == .tuple ? 0 : element.kind == .note ? 1 : 2 }
        for wanted in 0...2 {
            if wanted == 0, !chosen.contains(where: { $0.kind == .tuple }) {
                bytes += tuple(neutralID, .closed, entity).utf8
            }
            for element in chosen where rank(element) == wanted { bytes += element.bytes }
        }
        bytes += "</presence>\n".utf8
        return bytes
    }

    /// What is shown of a presentity of which nothing is known, or of which somebody is to think so.
    package static func offlineDocument(of presentity: AddressOfRecord) -> [UInt8] {
        document(of: presentity, from: [])
    }

    private static func choose(from sources: [PresenceDocument]) -> [PresenceElement] {
        var seen: Set<Identity> = []
        var ids = Identifiers()
        var chosen: [PresenceElement] = []
        // Until there is a tuple, a place is left for the one that says "closed".
        var room = maximumElements - 1
        let all = sources.lazy.flatMap(\.elements)
        let best = all.lazy.filter { $0.kind == .tuple }.map { weight(of: $0) }.max() ?? 0
        for element in all {
            if element.kind == .tuple, weight(of: element) < best { continue }
            guard chosen.count < room else { break }
            guard seen.insert(Identity(kind: element.kind, bytes: element.identity)).inserted else { continue }
            // The id is an XML ID, unique in the whole document and not only among its kind (RFC 3863 §4.4,
            // RFC 4479 §6): the less fresh of two unrelated elements that happen to share one gets another.
            var kept = element
            if !element.id.isEmpty, !ids.take(element.id) {
                kept = renamed(element, to: ids.takeVariant(of: element.id))
            }
            chosen.append(kept)
            if element.kind == .tuple { room = maximumElements }
        }
        return chosen
    }

    /// How much a tuple says: of those that no client published, only the best are shown, and none beside one that was.
    private static func weight(of tuple: PresenceElement) -> Int {
        switch tuple.id {
        case neutralID: 0
        case registeredID: 1
        default: 2
        }
    }

    private struct Identity: Hashable {
        var kind: PresenceElement.Kind
        var bytes: [UInt8]
    }

    /// The ids that a document has given out.
    private struct Identifiers {
        private var taken: Set<String> = []
        /// The number behind the last variant of an id: numbers below it need not be tried again.
        private var lastNumbers: [String: Int] = [:]

        /// - Returns: whether it was free.
        mutating func take(_ id: String) -> Bool { taken.insert(id).inserted }

        mutating func takeVariant(of id: String) -> String {
            var number = lastNumbers[id, default: 1]
            var variant: String
            repeat {
                number += 1
                variant = "\(id)-\(number)"
            } while !taken.insert(variant).inserted
            lastNumbers[id] = number
            return variant
        }
    }

    private static func tuple(
        _ id: String, _ basic: BasicStatus, _ entity: String, since: Instant? = nil
    ) -> String {
        let timestamp = since.map { "<timestamp>\(SIPDate.dateTime($0))</timestamp>" } ?? ""
        // RFC 3863 §4.1.2: a tuple with a basic status should name a contact; some clients fail without.
        return "<tuple id=\"\(id)\"><status><basic>\(basic.rawValue)</basic></status><contact>\(entity)</contact>"
            + "\(timestamp)</tuple>"
    }

    private static func renamed(_ element: PresenceElement, to id: String) -> PresenceElement {
        var copy = element
        copy.id = id
        let wrapped = Array("<presence xmlns=\"\(PIDF.namespace)\">".utf8) + element.bytes + "</presence>".utf8
        // What was written here parses again; were it not so, the element would keep the id it came with.
        guard var inner = try? XMLDocument(parsing: wrapped).root.elements.first else { return element }
        inner[attribute: PIDF.id] = copy.id
        var writer = XMLWriter(scope: scope)
        writer.write(inner)
        copy.bytes = writer.bytes
        return copy
    }
}
