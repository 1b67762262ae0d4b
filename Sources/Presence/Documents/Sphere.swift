import XMLTree

/// What a presentity is engaged in, as RPID says it (RFC 4480 §3.10) and rules ask for it (RFC 4745 §7.3).
enum Sphere {
    /// The tokens in a text, in lower case: they are compared without regard to case.
    static func tokens(of text: String) -> Set<String> {
        let tokens = text.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
        return Set(tokens.map { $0.lowercased() })
    }

    /// What a `<sphere>` element says: RFC 4480 spells it with elements, clients that are older with text.
    static func value(of element: XMLElement) -> Set<String> {
        tokens(of: element.text).union(element.elements.map { $0.name.local.lowercased() })
    }

    /// RFC 5025 §3.1.2: the value is what all published documents that have one agree on; where they do not, it is
    /// undefined, which is to say empty.
    static func agreed(by documents: some Sequence<PresenceDocument>) -> Set<String> {
        var agreed: Set<String>?
        for value in documents.lazy.flatMap(\.spheres) {
            guard agreed == nil || agreed == value else { return [] }
            agreed = value
        }
        return agreed ?? []
    }
}
