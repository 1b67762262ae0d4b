import Presence
import Primitives
import SIPMessages
import Testing
import XMLTree

/// What there is to know of a presentity, and who may know it, in the simplest words.
struct PresentityModel {
    struct Tuple: Hashable {
        var id: String
        var isOpen: Bool
        var hasNote: Bool

        var text: String {
            "<tuple id='\(id)'><status><basic>\(isOpen ? "open" : "closed")</basic></status>"
                + "\(hasNote ? "<note>n</note>" : "")</tuple>"
        }

        var facts: Set<String> { hasNote ? ["\(id)=\(isOpen ? "open" : "closed")", "\(id)/note"] : [basic] }

        private var basic: String { "\(id)=\(isOpen ? "open" : "closed")" }
    }

    struct Publication {
        var tag: String
        var formerTag = ""
        var isGivenUp = false
        var tuples: [Tuple]
        var sphere: String?
        var expires: Instant
        var order: Int

        var text: String {
            let person = sphere.map { "<dm:person id='p'><r:sphere><r:\($0)/></r:sphere></dm:person>" } ?? ""
            return tuples.map(\.text).joined() + person
        }
    }

    struct Rule {
        var id: String
        var watcher: AddressOfRecord
        var sphere: String?
        var handling: SubscriptionHandling
        var grant: Grant

        var text: String {
            let condition = RulesetFixtures.one(watcher) + (sphere.map { "<sphere value='\($0)'/>" } ?? "")
            let word: String =
                switch handling {
                case .block: "block"
                case .confirm: "confirm"
                case .politeBlock: "polite-block"
                case .allow: "allow"
                }
            return RulesetFixtures.rule(id, if: condition, word, grant.text)
        }
    }

    /// What a rule lets be seen.
    enum Grant: CaseIterable {
        case all, statuses, first

        var text: String {
            switch self {
            case .all:
                "<pr:provide-services><pr:all-services/></pr:provide-services>"
                    + "<pr:provide-persons><pr:all-persons/></pr:provide-persons><pr:provide-all-attributes/>"
            case .statuses: "<pr:provide-services><pr:all-services/></pr:provide-services>"
            case .first:
                "<pr:provide-services><pr:occurrence-id>t0</pr:occurrence-id></pr:provide-services>"
                    + "<pr:provide-note>true</pr:provide-note>"
            }
        }

        func shows(_ fact: String, beside others: Set<Grant>) -> Bool {
            let isAttribute = fact.contains("/")
            let shows: Bool =
                switch self {
                case .all: true
                case .statuses: !fact.hasPrefix("p")
                case .first: fact.hasPrefix("t0")
                }
            return shows && (!isAttribute || others.contains { $0 == .all || $0 == .first && fact.hasSuffix("/note") })
        }
    }

    let user: AddressOfRecord
    var publications: [Publication] = []
    /// Nil: there are none, and everybody may see everything.
    var rules: [Rule]?
    var isRegistered = false
    /// Whether it took back what it published while it is registered.
    var isDeparted = false
    var order = 0

    /// What there is to be seen.
    var facts: Set<String> {
        guard !publications.isEmpty else {
            return [isRegistered && !isDeparted ? "registered=open" : "nobody=closed"]
        }
        var facts: Set<String> = []
        var seen: Set<String> = []
        for publication in publications.sorted(by: { $0.order > $1.order }) {
            for tuple in publication.tuples where seen.insert(tuple.id).inserted { facts.formUnion(tuple.facts) }
            if let sphere = publication.sphere, seen.insert("p").inserted { facts.formUnion(["p", "p/\(sphere)"]) }
        }
        return facts
    }

    /// What all publications agree that it is engaged in.
    private var sphere: String? {
        let named = Set(publications.compactMap(\.sphere))
        return named.count == 1 ? named.first : nil
    }

    private func matching(_ watcher: AddressOfRecord) -> [Rule]? {
        rules?.filter { $0.watcher == watcher && ($0.sphere == nil || $0.sphere == sphere) }
    }

    func handling(of watcher: AddressOfRecord) -> SubscriptionHandling {
        guard let matching = matching(watcher) else { return .allow }
        return matching.map(\.handling).max() ?? .confirm
    }

    /// What a watcher is to be shown; nil for no document at all.
    func shown(to watcher: AddressOfRecord) -> Set<String>? {
        switch handling(of: watcher) {
        case .block, .confirm: return nil
        case .politeBlock: return ["nobody=closed"]
        case .allow:
            guard let matching = matching(watcher) else { return facts }
            let grants = Set(matching.map(\.grant))
            return facts.filter { fact in grants.contains { $0.shows(fact, beside: grants) } }
        }
    }

    /// Publications that are not refreshed go.
    mutating func expire(at now: Instant) {
        let count = publications.count
        publications.removeAll { $0.expires <= now }
        if publications.count < count { publicationsWent() }
    }

    mutating func publicationsWent() {
        if publications.isEmpty, isRegistered { isDeparted = true }
    }

    /// What a document says, in the words of ``facts``.
    static func facts(in document: [UInt8]) -> Set<String> {
        guard let root = try? XMLDocument(parsing: document).root else { return ["unreadable"] }
        var facts: Set<String> = []
        for element in root.elements {
            let id = element[attribute: XMLName("id")] ?? element.name.local
            let basic = element.first(PIDF.status)?.first(PIDF.basic)?.text
            facts.insert(basic.map { "\(id)=\($0)" } ?? id)
            for child in element.elements {
                if child.name == PIDF.note { facts.insert("\(id)/note") }
                for inner in child.elements where child.name.local == "sphere" {
                    facts.insert("\(id)/\(inner.name.local)")
                }
            }
        }
        return facts
    }
}
