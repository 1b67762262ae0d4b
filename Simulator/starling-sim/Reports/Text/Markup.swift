/// A piece of a page. Whatever it holds, it is written well-formed: as HTML for a browser, and as XML.
enum Markup: ExpressibleByStringInterpolation {
    /// An attribute of an element.
    struct Attribute {
        var name: String
        var value: String
    }

    case text(String)
    indirect case element(String, [Attribute], [Markup])

    init(stringLiteral value: String) { self = .text(value) }

    /// An element with attributes in the order in which they are given.
    static func element(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
    ) -> Markup {
        .element(name, attributes.map { Attribute(name: $0.key, value: $0.value) }, children)
    }

    /// HTML's elements without content; all others have an end tag even when they are empty.
    private static let void: Set<String> = ["meta", "br", "hr", "col"]

    /// The markup as a page holds it.
    var text: String {
        var out = ""
        write(into: &out)
        return out
    }

    private func write(into out: inout String) {
        switch self {
        case .text(let text): Self.write(text, into: &out)
        case .element(let name, let attributes, let children):
            out += "<\(name)"
            for attribute in attributes {
                out += " \(attribute.name)=\""
                Self.write(attribute.value, into: &out)
                out += "\""
            }
            if Self.void.contains(name) {
                out += "/>"
                return
            }
            out += ">"
            for child in children { child.write(into: &out) }
            out += "</\(name)>"
            if Self.endsALine.contains(name) { out += "\n" }
        }
    }

    private static let endsALine: Set<String> = [
        "head", "style", "title", "header", "section", "figure", "tr", "table", "svg", "path", "h1", "h2", "p", "div",
        "polyline", "rect", "thead", "tbody", "dl", "li", "footer", "main", "body",
    ]

    /// Escapes what has a meaning of its own; control characters, which XML can't hold, become U+FFFD.
    private static func write(_ text: String, into out: inout String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\t", "\n": out.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE:
                out += "\u{FFFD}"
            default: out.unicodeScalars.append(scalar)
            }
        }
    }
}
