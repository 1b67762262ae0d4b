import Testing

/// Documents that name a test as the evidence for what they say.
struct NamedTestsTests {
    /// `Suite.test`, in backquotes.
    private static func names(in page: String) -> [(suite: String, test: String)] {
        page.matches(of: /`([A-Z][A-Za-z]*Tests)\.([a-z][A-Za-z0-9]*)`/).map { (String($0.1), String($0.2)) }
    }

    @Test func everyTestThatIsNamedExists() {
        let pages = Repository.files.filter { $0.hasSuffix(".md") }
        let named = pages.flatMap { Self.names(in: Repository.text(of: $0) ?? "") }
        #expect(named.contains { $0.suite == "VariantTests" }, "the threat model names tests")
        for (suite, test) in named {
            let source = Repository.files.first { $0.hasPrefix("Tests/") && $0.hasSuffix("/\(suite).swift") }
            let text = source.flatMap { Repository.text(of: $0) } ?? ""
            #expect(text.contains("func \(test)("), "\(suite).\(test)")
        }
    }
}
