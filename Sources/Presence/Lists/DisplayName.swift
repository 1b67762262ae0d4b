import Primitives
import XMLTree

/// What people call a list or somebody in it (RFC 4826 §3.1, RFC 4662 §5.4).
package struct DisplayName: Hashable, Sendable {
    package var text: String
    /// The language that it is in (RFC 5646); nil when it does not say.
    package var language: String?

    package init(_ text: String, language: String? = nil) {
        self.text = text
        self.language = language
    }

    /// In bytes of UTF-8: it is kept with the list, and stands in notifications. Longer ones are left out.
    static let maximumSize = 256

    /// The first display name in an element of a list.
    init?(in element: XMLElement) {
        guard let named = element.first(ResourceLists.displayName) else { return nil }
        let text = named.text.trimmed
        guard (1...Self.maximumSize).contains(text.utf8.count) else { return nil }
        self.init(text, language: named[attribute: ResourceLists.language].flatMap { Self.isLanguage($0) ? $0 : nil })
    }

    /// RFC 5646 §2.1: letters, digits and hyphens; the longest that makes sense has 35 of them (§4.4.1).
    private static func isLanguage(_ text: String) -> Bool {
        (1...35).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }

    /// An element of that name that holds it.
    func element(_ name: XMLName) -> XMLElement {
        var element = XMLElement(name, children: [.text(text)])
        if let language { element[attribute: ResourceLists.language] = language }
        return element
    }
}
