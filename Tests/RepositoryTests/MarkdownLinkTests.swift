import Testing

/// Links between the repository's pages lead somewhere.
struct MarkdownLinkTests {
    @Test func everyLinkInsideTheRepositoryResolves() throws {
        for path in Repository.files where path.hasSuffix(".md") {
            let page = MarkdownPage(try #require(Repository.text(of: path)))
            for link in page.links where !link.target.contains("://") && !link.target.hasPrefix("mailto:") {
                check(link, on: path)
            }
        }
    }

    private func check(_ link: MarkdownPage.Link, on path: String) {
        let parts = link.target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        var target = path
        if !parts[0].isEmpty {
            target = Self.resolve(String(parts[0]), from: path)
            guard Repository.exists(target) else {
                Issue.record("\(path):\(link.line): there is no \(target)")
                return
            }
        }
        guard parts.count == 2, target.hasSuffix(".md"), let text = Repository.text(of: target) else { return }
        if !MarkdownPage(text).anchors.contains(String(parts[1])) {
            Issue.record("\(path):\(link.line): \(target) has no heading #\(parts[1])")
        }
    }

    private static func resolve(_ relative: String, from page: String) -> String {
        var parts = page.split(separator: "/").dropLast().map(String.init)
        for part in relative.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }

    @Test func linksAndAnchorsAreRead() {
        let page = MarkdownPage(
            """
            # The first page: `make run`
            See [there](docs/there.md#part) and ![picture](a.png "title").
            ```
            [not](a-link)
            ```
            ## The first page: `make run`
            A `[code](span)` is none either.
            """)
        #expect(page.links.map(\.target) == ["docs/there.md#part", "a.png"])
        #expect(page.links.map(\.line) == [2, 2])
        #expect(page.anchors == ["the-first-page-make-run", "the-first-page-make-run-1"])
    }
}
