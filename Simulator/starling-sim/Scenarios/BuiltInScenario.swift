/// A scenario that comes with the program, as the text of its file.
struct BuiltInScenario {
    /// As on the command line.
    let name: String
    private let bytes: [UInt8]

    private init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// The file, with the comments that say what it shows.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    static func named(_ name: String) -> BuiltInScenario? { all.first { $0.name == name } }

    /// Reads it; a relative path in an override starts from the working directory.
    func reading(overrides: [ScenarioOverride] = []) throws(ScenarioErrors) -> ReadScenario {
        try ScenarioReader.reading(text, name: name, file: "\(name).yaml", overrides: overrides)
    }

    /// All of them, in the order in which they are listed.
    static let all = [
        BuiltInScenario("steady", PackageResources.steady_yaml),
        BuiltInScenario("steady-handshake", PackageResources.steady_handshake_yaml),
        BuiltInScenario("steady-matrix", PackageResources.steady_matrix_yaml),
        BuiltInScenario("churn", PackageResources.churn_yaml),
        BuiltInScenario("idle", PackageResources.idle_yaml),
        BuiltInScenario("catastrophe-30", PackageResources.catastrophe_30_yaml),
        BuiltInScenario("catastrophe-50", PackageResources.catastrophe_50_yaml),
        BuiltInScenario("partition", PackageResources.partition_yaml),
        BuiltInScenario("adversary-10", PackageResources.adversary_10_yaml),
        BuiltInScenario("adversary-20", PackageResources.adversary_20_yaml),
        BuiltInScenario("eclipse", PackageResources.eclipse_yaml),
        BuiltInScenario("nat", PackageResources.nat_yaml),
        BuiltInScenario("presence", PackageResources.presence_yaml),
        BuiltInScenario("growth-1k", PackageResources.growth_1k_yaml),
        BuiltInScenario("growth-10k", PackageResources.growth_10k_yaml),
        BuiltInScenario("growth-100k", PackageResources.growth_100k_yaml),
        BuiltInScenario("growth-1m", PackageResources.growth_1m_yaml),
        BuiltInScenario("smoke", PackageResources.smoke_yaml),
        BuiltInScenario("ci-churn", PackageResources.ci_churn_yaml),
        BuiltInScenario("ci-adversary", PackageResources.ci_adversary_yaml),
        BuiltInScenario("ci-partition", PackageResources.ci_partition_yaml),
        BuiltInScenario("ci-presence", PackageResources.ci_presence_yaml),
    ]
}
