import Presence
import Primitives
import XMLTree

/// Random rulesets and documents, each with what it means said a second time in the simplest words.
struct RandomRules {
    typealias Watcher = WatcherIdentity

    /// A part of a rule: what it looks like, and for whom it holds.
    struct Condition {
        var text: String
        var holds: (Watcher) -> Bool
        /// Whether it is one that refers to identities.
        var isIdentity = false
        var isOther = false
    }

    struct Rule {
        var text: String
        var conditions: [Condition]
        var handling: SubscriptionHandling
        /// Names of occurrences (`tuple id=t1`, `tuple class=work`, `tuple *`) and attributes (`mood`, `*`).
        var grants: Set<String>
        var userInput: Int
    }

    /// A tuple, person or device with its attributes.
    struct Occurrence {
        var kind: String
        var id: String
        var group: String
        var attributes: [String]

        var text: String {
            let prefix = kind == "tuple" ? "" : "dm:"
            let inner = attributes.map { name in
                switch name {
                case "note": "<\(prefix)note>n</\(prefix)note>"
                case "foo": "<x:foo/>"
                case "user-input": "<r:user-input idle-threshold='1' last-input='2'>idle</r:user-input>"
                case "class": "<r:class>\(group)</r:class>"
                default: "<r:\(name)/>"
                }
            }
            let status = kind == "tuple" ? "<status><basic>open</basic></status>" : ""
            return "<\(prefix)\(kind) id='\(id)'>\(status)\(inner.joined())</\(prefix)\(kind)>"
        }
    }

    static let users = ["bob@example.org", "carol@example.net", "dan@example.org"].map { AddressOfRecord($0)! }
    static let watchers: [Watcher] = users.map { .authenticated($0) } + [.unauthenticated(users[0]), .anonymous]
    static let lists = ["friends": Set(users.prefix(1)), "others": Set(users.suffix(2))]
    static let attributes = ["class", "mood", "note", "privacy", "activities", "foo", "user-input"]
    static let kinds = ["tuple": "services", "person": "persons", "device": "devices"]

    var random: RandomSource

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &random)] }

    mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    private static func isUser(_ watcher: Watcher, where test: (AddressOfRecord) -> Bool) -> Bool {
        if case .authenticated(let user) = watcher { test(user) } else { false }
    }

    mutating func condition() -> Condition {
        let user = pick(Self.users)
        let domain = pick(["example.org", "example.net", "example.com"])
        let isTrue = chance(2)
        switch Int.random(in: 0..<9, using: &random) {
        case 0, 1:
            return Condition(
                text: "<identity><one id='sip:\(user)'/><one id='tel:+1'/></identity>",
                holds: { Self.isUser($0) { $0 == user } }, isIdentity: true)
        case 2:
            return Condition(
                text: "<identity><many><except domain='\(domain)'/><except id='sip:\(user)'/></many></identity>",
                holds: { Self.isUser($0) { $0.host != domain && $0 != user } }, isIdentity: true)
        case 3:
            return Condition(
                text: "<identity><many domain='\(domain)'/></identity>",
                holds: { Self.isUser($0) { $0.host == domain } }, isIdentity: true)
        case 4: return Condition(text: "<sphere value='\(isTrue ? "WORK" : "home") x'/>", holds: { _ in isTrue })
        case 5:
            let year = isTrue ? 2020 : 2027
            return Condition(
                text: "<validity><from>\(year)-01-01T00:00:00Z</from><until>2030-01-01T00:00:00Z</until></validity>",
                holds: { _ in isTrue })
        case 6:
            let list = pick(["friends", "others"])
            return Condition(
                text: "<ocp:external-list><ocp:entry anc='\(list)'/></ocp:external-list>",
                holds: { Self.isUser($0) { Self.lists[list]!.contains($0) } }, isIdentity: true)
        case 7:
            if isTrue { return Condition(text: "<ocp:anonymous-request/>", holds: { $0 == .anonymous }) }
            return Condition(text: "<ocp:other-identity/>", holds: { Self.isUser($0) { _ in true } }, isOther: true)
        default: return Condition(text: "<x:unheard-of/>", holds: { _ in false })
        }
    }

    mutating func rule(_ number: Int) -> Rule {
        let conditions = (0..<Int.random(in: 0...2, using: &random)).map { _ in condition() }
        let (word, handling) = pick([
            ("block", SubscriptionHandling.block), ("confirm", .confirm), ("polite-block", .politeBlock),
            ("allow", .allow),
            ("allow", .allow), ("perhaps", .block),
        ])
        var grants: Set<String> = []
        var text = ""
        for (kind, permission) in Self.kinds.sorted(by: { $0.key < $1.key }) where !chance(3) {
            let group = pick(["work", "home"])
            let id = pick(["1", "2", "3"])
            let (inner, names) = pick([
                ("<pr:all-\(permission)/>", ["*"]), ("<pr:class>\(group)</pr:class>", ["class=\(group)"]),
                ("<pr:occurrence-id>\(kind)\(id)</pr:occurrence-id>", ["id=\(kind)\(id)"]), ("<x:all/>", []),
            ])
            text += "<pr:provide-\(permission)>\(inner)</pr:provide-\(permission)>"
            for name in names { grants.insert("\(kind) \(name)") }
        }
        for name in Self.attributes.dropLast(2) where chance(3) {
            let isTrue = !chance(3)
            text += "<pr:provide-\(name)>\(isTrue)</pr:provide-\(name)>"
            if isTrue { grants.insert(name) }
        }
        if chance(4) {
            text += "<pr:provide-unknown-attribute ns='urn:example:x' name='foo'>1</pr:provide-unknown-attribute>"
            grants.insert("foo")
        }
        let input = pick([0, 0, 1, 2, 3])
        text += "<pr:provide-user-input>\(["false", "bare", "thresholds", "full"][input])</pr:provide-user-input>"
        if chance(6) {
            text += "<pr:provide-all-attributes/>"
            grants.insert("*")
        }
        text = RulesetFixtures.rule("r\(number)", if: conditions.map(\.text).joined(), word, text)
        return Rule(
            text: text, conditions: conditions, handling: handling, grants: grants,
            userInput: grants.contains("*") ? 3 : input)
    }

    mutating func rules(_ count: Int) -> [Rule] { (0..<count).map { rule($0) } }

    mutating func document() -> [Occurrence] {
        var all: [Occurrence] = []
        for kind in ["tuple", "person", "device"] {
            for number in 1...3 where !chance(4) {
                let attributes = Self.attributes.filter { _ in !chance(3) }
                all.append(
                    Occurrence(
                        kind: kind, id: "\(kind)\(number)", group: pick(["work", "home"]), attributes: attributes))
            }
        }
        return all
    }

    /// The rules that match.
    static func matching(_ rules: [Rule], _ watcher: Watcher) -> [Rule] {
        let isReferredTo = rules.contains { rule in rule.conditions.contains { $0.isIdentity && $0.holds(watcher) } }
        return rules.filter { rule in
            rule.conditions.allSatisfy { $0.holds(watcher) && !($0.isOther && isReferredTo) }
        }
    }

    /// What matching rules let a watcher see: `id` and `id/attribute`, for user input with its degree.
    static func visible(_ document: [Occurrence], by rules: [Rule]) -> Set<String> {
        let grants = rules.reduce(into: Set<String>()) { $0.formUnion($1.grants) }
        let input = rules.map(\.userInput).max() ?? 0
        var seen: Set<String> = []
        for one in document {
            let classes = one.attributes.contains("class") ? ["class=\(one.group)"] : []
            guard (["*", "id=\(one.id)"] + classes).contains(where: { grants.contains("\(one.kind) \($0)") }) else {
                continue
            }
            seen.insert(one.id)
            for name in one.attributes {
                if name == "user-input" {
                    if input > 0 { seen.insert("\(one.id)/user-input\(input)") }
                } else if grants.contains("*") || grants.contains(name) && isDefined(name, in: one.kind) {
                    seen.insert("\(one.id)/\(name)")
                }
            }
        }
        return seen
    }

    static func showsClasses(_ rules: [Rule]) -> Bool {
        rules.contains { $0.grants.contains("class") || $0.grants.contains("*") }
    }

    private static func isDefined(_ name: String, in kind: String) -> Bool {
        switch name {
        case "mood", "activities": kind == "person"
        case "privacy": kind != "device"
        default: true
        }
    }

    /// What a document says in the same words.
    static func summary(_ root: XMLElement) -> Set<String> {
        var seen: Set<String> = []
        for element in root.elements {
            let id = element[attribute: XMLName("id")] ?? element.name.local
            seen.insert(id)
            for child in element.elements where child.name.local != "status" {
                let degree = child.name.local == "user-input" ? "\(child.attributes.count + 1)" : ""
                seen.insert("\(id)/\(child.name.local)\(degree)")
            }
        }
        return seen
    }
}
