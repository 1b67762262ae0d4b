import Testing

/// What each module may import: the architecture of the whole, checked line by line.
///
/// A core imports other cores below it and nothing of the system: no Foundation, no Glibc, no networking. The compiler
/// does not check this, since a module sees all that its dependencies were built with.
struct ImportTableTests {
    private static let system: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Dispatch", "Synchronization",
    ]
    private static let cores: Set<String> = [
        "Primitives", "Identity", "Sessions", "Kademlia", "SIPMessages", "SIPStack", "XMLTree", "XCAP", "Presence",
        "UserAgent",
        "OverlayNode",
    ]

    private static let table: [String: Set<String>] = [
        "Sources/Primitives": [],
        "Sources/Identity": ["Primitives", "CSodium"],
        "Sources/Sessions": ["Primitives", "Identity"],
        "Sources/Kademlia": ["Primitives", "Identity"],
        "Sources/SIPMessages": ["Primitives"],
        "Sources/SIPStack": ["SIPMessages", "Primitives", "CCrypto", "CDeflate"],
        "Sources/XMLTree": ["CXML"],
        "Sources/XCAP": ["XMLTree", "Primitives"],
        "Sources/Presence": ["SIPStack", "SIPMessages", "XMLTree", "Primitives"],
        "Sources/UserAgent": ["Presence", "SIPStack", "SIPMessages", "Primitives"],
        "Sources/OverlayNode": cores.subtracting(["OverlayNode", "UserAgent"]),
        "Sources/NodeIO": cores.union(system).union([
            "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "NIOHTTP1", "NIOWebSocket", "CCrypto", "CResolver",
            "NIOHTTPTypes",
            "HTTPTypes",
            "HummingbirdCore", "HummingbirdTLS",
            "Logging",
            "GRDB", "Yams",
        ]),
        "Sources/starling": cores.union(system).union(["NodeIO", "ArgumentParser"]),
        "Simulator/OverlaySimulator": cores.union(["Synchronization", "CPrefetch"]),
        "Simulator/starling-sim": system.union(["OverlaySimulator", "Primitives", "ArgumentParser", "Yams"]),
    ]

    /// Targets of C have no Swift in them and import nothing.
    private static let targetsOfC: Set<String> = [
        "Sources/CSodium", "Sources/CCrypto", "Sources/CDeflate", "Sources/CXML", "Sources/CLibXML2",
        "Sources/CResolver",
        "Simulator/CPrefetch",
    ]

    /// Folders that hold no code at all.
    private static let foldersOfData: Set<String> = ["Simulator/Scenarios"]

    private static func module(of path: String) -> String {
        path.split(separator: "/").prefix(2).joined(separator: "/")
    }

    @Test func everyImportStandsInTheTable() {
        for source in Repository.sources(under: ["Sources", "Simulator"]) {
            let allowed = Self.table[Self.module(of: source.path)] ?? []
            for found in source.imports where !allowed.contains(found.name) {
                Issue.record("\(source.path):\(found.line): may not import \(found.name), but \(allowed.sorted())")
            }
        }
    }

    @Test func everyModuleStandsInTheTable() {
        let folders = Set(
            Repository.files.filter { $0.hasPrefix("Sources/") || $0.hasPrefix("Simulator/") }.map(Self.module(of:)))
        #expect(folders.subtracting(Self.targetsOfC).subtracting(Self.foldersOfData) == Set(Self.table.keys))
    }

    /// Nothing points upward: following the table from any module never leads back to it.
    @Test func theTableHasNoCycles() {
        let byName = Dictionary(
            uniqueKeysWithValues: Self.table.map { (String($0.key.split(separator: "/")[1]), $0.value) })
        for start in byName.keys {
            var reached: Set<String> = []
            var ahead = byName[start] ?? []
            while let next = ahead.popFirst() {
                if reached.insert(next).inserted { ahead.formUnion(byName[next] ?? []) }
            }
            #expect(!reached.contains(start), "\(start) can import itself")
        }
    }

    /// The tests of a core stay as pure as it is, or a hidden dependency would creep in through them.
    @Test func testsOfCoresImportNoTransport() {
        let forbidden = ["NIOCore", "NIOPosix", "HummingbirdCore", "GRDB", "NodeIO", "Logging"]
        for core in Self.cores {
            for source in Repository.sources(under: ["Tests/\(core)Tests"]) {
                for found in source.imports where forbidden.contains(found.name) {
                    Issue.record("\(source.path):\(found.line): may not import \(found.name)")
                }
            }
        }
    }
}
