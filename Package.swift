// swift-tools-version: 6.2
import PackageDescription

// STARLING_CORES=1 leaves out everything that needs SwiftNIO, GRDB or a command line: what remains are the
// pure cores, the simulator's engine and their tests, which fetch nothing and build in seconds.
let coresOnly = Context.environment["STARLING_CORES"] != nil
// STARLING_FUZZ=1 adds the fuzz targets, which only link with `--sanitize=fuzzer` (scripts/fuzz.sh).
let withFuzzers = Context.environment["STARLING_FUZZ"] != nil
// STARLING_BENCHMARKS=1 adds the benchmarks and the library that times them (scripts/bench.sh).
let withBenchmarks = Context.environment["STARLING_BENCHMARKS"] != nil

// Tests run with the checks of exclusive access; a release does without them, as they are a twentieth of a message's
// cost.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func program(_ name: String, in folder: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "\(folder)/\(name)", swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let cores: [Target] = [
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CDeflate", linkerSettings: [.linkedLibrary("z")]),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CXML", dependencies: ["CLibXML2"]),
    module("Primitives", []),
    module("Identity", ["Primitives", "CSodium"]),
    module("Sessions", ["Primitives", "Identity"]),
    module("Kademlia", ["Primitives", "Identity"]),
    module("SIPMessages", ["Primitives"]),
    module("SIPStack", ["SIPMessages", "Primitives", "CCrypto", "CDeflate"]),
    module("XMLTree", ["CXML"]),
    module("XCAP", ["XMLTree", "Primitives"]),
    module("Presence", ["SIPStack", "SIPMessages", "XMLTree", "Primitives"]),
    module("UserAgent", ["Presence", "SIPStack", "SIPMessages", "Primitives"]),
    module(
        "OverlayNode",
        [
            "Presence", "XCAP", "XMLTree", "SIPStack", "SIPMessages", "Kademlia", "Sessions", "Identity", "Primitives",
        ]),
    .target(name: "CPrefetch", path: "Simulator/CPrefetch"),
    .target(
        name: "OverlaySimulator", dependencies: ["CPrefetch", "OverlayNode", "Kademlia", "Identity", "Primitives"],
        path: "Simulator/OverlaySimulator", swiftSettings: settings),
    tests("PrimitivesTests", ["Primitives"]),
    tests("IdentityTests", ["Identity"]),
    tests("SessionsTests", ["Sessions"]),
    tests("KademliaTests", ["Kademlia"]),
    tests("SIPMessagesTests", ["SIPMessages"]),
    tests("SIPStackTests", ["SIPStack"]),
    tests("XMLTreeTests", ["XMLTree", "Primitives"]),
    tests("PresenceTests", ["Presence", "XMLTree", "SIPStack", "SIPMessages", "Primitives"]),
    tests("XCAPTests", ["XCAP", "XMLTree", "Primitives"]),
    tests("UserAgentTests", ["UserAgent", "Presence", "SIPStack", "SIPMessages", "Primitives"]),
    tests("OverlayNodeTests", ["OverlayNode"]),
    tests("OverlaySimulatorTests", ["OverlaySimulator"]),
    tests("RepositoryTests", []),
]

let shells: [Target] = [
    .target(name: "CResolver", linkerSettings: [.linkedLibrary("cares")]),
    module(
        "NodeIO",
        [
            "OverlayNode", "UserAgent", "XCAP", "SIPStack", "SIPMessages", "Identity", "Primitives", "CCrypto",
            "CResolver",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOTLS", package: "swift-nio"),
            .product(name: "NIOWebSocket", package: "swift-nio"),
            .product(name: "GRDB", package: "GRDB.swift"),
            .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "HummingbirdTLS", package: "hummingbird"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
            "Yams",
        ]),
    program("starling", in: "Sources", ["NodeIO", "OverlayNode", "UserAgent", "Primitives", argumentParser]),
    // One folder further up than its sources, so that the scenarios can lie beside them.
    .executableTarget(
        name: "starling-sim", dependencies: ["OverlaySimulator", "Primitives", "Yams", argumentParser],
        path: "Simulator", exclude: ["CPrefetch", "OverlaySimulator"], sources: ["starling-sim"],
        resources: [.embedInCode("Scenarios")], swiftSettings: settings),
    tests("NodeIOTests", ["NodeIO"]),
    tests("LoopbackTests", ["OverlayNode", "OverlaySimulator", "Kademlia", "Identity", "Primitives"]),
    tests("StarlingSimTests", ["starling-sim", "OverlaySimulator", "Primitives", argumentParser]),
    tests("StarlingSimReportTests", ["starling-sim", "OverlaySimulator", "Primitives"]),
    tests("EndToEndTests", ["starling"], resources: [.copy("Scenarios")]),
]

let shellPackages: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
]

func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Tests/Fuzz/\(name)",
        swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
}

let fuzzers: [Target] = [
    fuzzer("FuzzSIPMessages", ["SIPMessages"]),
    fuzzer("FuzzSTUN", ["SIPStack", "Primitives"]),
    fuzzer("FuzzMultipart", ["SIPMessages", "Primitives"]),
    fuzzer("FuzzPresence", ["Presence", "XMLTree", "Primitives"]),
    fuzzer("FuzzXCAP", ["XCAP", "XMLTree", "Primitives"]),
]

let benchmarks: [Target] = [
    .executableTarget(
        name: "CoreBenchmarks",
        dependencies: [
            "OverlayNode", "OverlaySimulator", "UserAgent", .product(name: "Benchmark", package: "swift-benchmark"),
        ],
        path: "Benchmarks/CoreBenchmarks", swiftSettings: settings),
    .executableTarget(
        name: "LoopbackOverlay",
        dependencies: [
            "NodeIO", "OverlayNode", "Kademlia", "Sessions", "Identity", "Primitives", argumentParser,
            .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        ],
        path: "Benchmarks/LoopbackOverlay", swiftSettings: settings),
]

let package = Package(
    name: "starling",
    dependencies: (coresOnly ? [] : shellPackages)
        + (withBenchmarks ? [.package(url: "https://github.com/google/swift-benchmark", from: "0.1.2")] : []),
    targets: cores + (coresOnly ? [] : shells) + (withFuzzers ? fuzzers : []) + (withBenchmarks ? benchmarks : []),
    swiftLanguageModes: [.v6]
)
