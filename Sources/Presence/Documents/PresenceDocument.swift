import Primitives
import XMLTree

/// A presence document (RFC 3863) taken apart for composition.
package struct PresenceDocument: Hashable, Sendable {
    /// In the order of the document.
    package var elements: [PresenceElement]
    /// Nil when no tuple has a basic status.
    package var basic: BasicStatus?
    /// The first note there is: of the person, of the presentity or of a tuple.
    package var note: String?
    /// What its persons are said to be engaged in: each different value of RPID's `<sphere>`.
    var spheres: Set<Set<String>>

    /// How many elements a document may hold. A client publishes three or four; composition looks at each of them
    /// on every change.
    package static let maximumElements = 64

    /// Parses a document from outside.
    ///
    /// What is wrong where it matters is refused: another root, a tuple without `id` or `<status>`, a person or
    /// device without `id`, two of a kind with the same `id`. Everything else is kept as it came.
    ///
    /// - Parameter maximumElements: how many elements it may hold; more where it was composed of several documents.
    package init(
        parsing bytes: some Collection<UInt8>, limits: XMLLimits = .standard,
        maximumElements: Int = PresenceDocument.maximumElements
    ) throws(PresenceDocumentError) {
        let root: XMLElement
        do {
            root = try XMLDocument(parsing: bytes, limits: limits).root
        } catch {
            throw .notXML(error)
        }
        // RFC 3863 §4.1.1: the root is <presence> in the PIDF namespace.
        guard root.name == PIDF.presence else { throw .notPIDF("the root is \(root.name)") }
        elements = []
        var ids: [Set<String>] = [[], [], []]
        for element in root.elements {
            guard elements.count < maximumElements else { throw .notPIDF("more elements than are accepted") }
            let kind = try Self.kind(of: element)
            let id = element[attribute: PIDF.id] ?? ""
            let slot: Int? =
                switch kind {
                case .tuple: 0
                case .person: 1
                case .device: 2
                case .note, .other: nil
                }
            // RFC 3863 §4.1.2: a tuple's id tells it from the other tuples of the presentity.
            if let slot, !ids[slot].insert(id).inserted { throw .notPIDF("two elements with the id \(id)") }
            elements.append(Self.taken(element, kind, id: id, from: root))
        }
        basic = Self.basic(of: root)
        note = Self.note(of: root)
        spheres = Set(root.all(PIDF.person).flatMap { $0.all(RPID.sphere) }.map(Sphere.value))
    }

    /// What this node itself says of a presentity.
    init(_ element: PresenceElement, basic: BasicStatus) {
        elements = [element]
        self.basic = basic
        spheres = []
    }

    /// Whether it tells of something by which the presentity is seen.
    var isSign: Bool { elements.contains { $0.kind == .tuple && $0.id != Composition.neutralID } }

    private static func kind(of element: XMLElement) throws(PresenceDocumentError) -> PresenceElement.Kind {
        let kind = PresenceElement.Kind(element.name)
        switch kind {
        // RFC 3863 §4.1.2: a tuple has exactly one <status>.
        case .tuple where element.all(PIDF.status).count != 1: throw .notPIDF("a tuple without a status")
        // RFC 3863 §4.1.2 and RFC 4479 §3.1: the id attribute is mandatory.
        case .tuple, .person, .device:
            guard element[attribute: PIDF.id]?.isEmpty == false else {
                throw .notPIDF("\(element.name.local) without an id")
            }
        case .note, .other: break
        }
        return kind
    }

    private static func taken(
        _ element: XMLElement, _ kind: PresenceElement.Kind, id: String, from root: XMLElement
    ) -> PresenceElement {
        var writer = XMLWriter(scope: Composition.scope)
        writer.write(element.detached(from: [root]))
        let bytes = writer.bytes
        let identity: [UInt8]
        switch kind {
        case .tuple, .person: identity = Array(id.utf8)
        case .device:
            // RFC 4479 §3.4: devices are identified by their device ID, whatever id the element was given.
            let device = element.first(PIDF.deviceID)?.text.trimmed ?? ""
            identity = Array((device.isEmpty ? id : device).utf8)
        case .note, .other: identity = bytes
        }
        return PresenceElement(kind: kind, identity: identity, id: id, bytes: bytes)
    }

    private static func basic(of root: XMLElement) -> BasicStatus? {
        var found: BasicStatus?
        for tuple in root.all(PIDF.tuple) {
            guard let text = tuple.first(PIDF.status)?.first(PIDF.basic)?.text.trimmed,
                let basic = BasicStatus(rawValue: text)
            else { continue }
            if found != .open { found = basic }
        }
        return found
    }

    private static func note(of root: XMLElement) -> String? {
        let candidates =
            root.all(PIDF.person).flatMap { $0.all(PIDF.dataModelNote) } + root.all(PIDF.note)
            + root.all(PIDF.tuple).flatMap { $0.all(PIDF.note) }
        return candidates.lazy.map(\.text.trimmed).first { !$0.isEmpty }
    }
}
