import Testing

/// `@inlinable package` members of a type that other modules can't see into are called like any others, without a
/// warning: the type has to be `@usableFromInline` as well.
struct InliningTests {
    /// The types whose `@inlinable` members have no effect.
    private static func closedTypes(in text: String) -> [String] {
        guard text.contains("@inlinable package ") else { return [] }
        return text.split(separator: "\n").compactMap { line in
            let match = line.wholeMatch(of: #/(?:@frozen )?package (?:final )?(?:struct|enum|class|actor) (\w+).*/#)
            return match.map { String($0.output.1) }
        }
    }

    @Test func inlinableMembersBelongToTypesThatOthersSeeInto() {
        for source in Repository.sources(under: ["Sources", "Simulator"]) {
            for name in Self.closedTypes(in: Repository.text(of: source.path) ?? "") {
                Issue.record("\(source.path): \(name) is not @usableFromInline, so @inlinable has no effect in it")
            }
        }
    }

    @Test func theRuleFindsAClosedType() {
        let members = "    @inlinable package var number: Int { 1 }\n}\n"
        #expect(Self.closedTypes(in: "package struct Closed: Sendable {\n" + members) == ["Closed"])
        #expect(Self.closedTypes(in: "@usableFromInline package struct Open {\n" + members).isEmpty)
        #expect(Self.closedTypes(in: "package struct Closed {\n    package var number: Int { 1 }\n}\n").isEmpty)
    }
}
