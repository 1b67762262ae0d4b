import Testing

/// What must not be in any file that is committed.
struct TrackedTextTests {
    /// Words and paths that belong to somebody's desk, put together here so that this file does not hold them.
    private static let forbidden = ["TO" + "DO", "FIX" + "ME", "/wo" + "rk/", "/ro" + "ot/"]

    @Test func noRemindersAndNoPathsOfOneMachine() {
        for path in Repository.files where path != "LICENSE" {
            guard let text = Repository.text(of: path), Self.forbidden.contains(where: text.contains) else { continue }
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                for word in Self.forbidden where line.contains(word) {
                    Issue.record("\(path):\(index + 1): holds “\(word)”")
                }
            }
        }
    }

    /// Nothing is there only to be filled later: no file named so, and none without content.
    @Test func noFileStandsInForAnother() {
        for path in Repository.files {
            let isStandIn = path.split(separator: "/").last?.lowercased().hasPrefix("place" + "holder") ?? false
            let isEmpty = Repository.text(of: path).map { $0.allSatisfy(\.isWhitespace) } ?? false
            if isStandIn || isEmpty { Issue.record("\(path): stands in for something that is yet to come") }
        }
    }

    @Test func shellScriptsStopAtTheFirstError() {
        for path in Repository.files where path.hasSuffix(".sh") || path == ".ci/run" {
            let text = Repository.text(of: path) ?? ""
            let names = ["#!/bin/bash\n", "#!/usr/bin/env bash\n"]
            #expect(names.contains { text.hasPrefix($0) }, "\(path):1: does not name bash")
            #expect(text.contains("\nset -euo pipefail\n"), "\(path): lacks `set -euo pipefail`")
        }
    }

    @Test func theFilesThatEveryoneLooksForAreThere() {
        for path in ["LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "docs/decisions.md", ".ci/run"] {
            #expect(Repository.files.contains(path), "\(path) is missing")
        }
    }
}
