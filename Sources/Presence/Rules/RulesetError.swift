import XMLTree

/// Why a document is not a ruleset that is accepted.
package enum RulesetError: Error, Hashable, Sendable, CustomStringConvertible {
    case notXML(XMLError)
    /// The root is not `<ruleset>` of common policy (RFC 4745 §13).
    case notRuleset
    /// RFC 4745 §6.1: every rule has an id.
    case ruleWithoutID
    /// RFC 4745 §6.1: no two rules have the same.
    case duplicateID(String)
    /// More rules, terms of conditions, or names of devices, persons and services, than are accepted.
    case tooLarge

    package var description: String {
        switch self {
        case .notXML(let error): error.description
        case .notRuleset: "the root is not a ruleset"
        case .ruleWithoutID: "a rule without an id"
        case .duplicateID(let id): "two rules with the id \(id)"
        case .tooLarge: "more rules or more in them than is accepted"
        }
    }
}
