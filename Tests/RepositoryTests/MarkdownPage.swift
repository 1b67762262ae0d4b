/// The links and headings of a page of Markdown.
struct MarkdownPage {
    struct Link {
        var target: String
        var line: Int
    }

    private(set) var links: [Link] = []
    /// What a link to a heading names, as the usual hosts make it from the heading's text.
    private(set) var anchors: Set<String> = []

    init(_ text: String) {
        var isCode = false
        var repeats: [String: Int] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isCode.toggle()
                continue
            }
            guard !isCode else { continue }
            if line.hasPrefix("#") {
                let slug = Self.slug(line.drop { $0 == "#" })
                let times = repeats[slug, default: 0]
                repeats[slug] = times + 1
                anchors.insert(times == 0 ? slug : "\(slug)-\(times)")
            }
            let prose = line.replacing(#/`[^`]*`/#, with: "")
            for match in prose.matches(of: #/\[[^\]]*\]\(([^)\s]+)[^)]*\)/#) {
                links.append(Link(target: String(match.1), line: index + 1))
            }
        }
    }

    private static func slug(_ heading: Substring) -> String {
        let text = heading.drop { $0 == " " }.lowercased()
        return String(text.filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" })
            .replacing(" ", with: "-")
    }
}
