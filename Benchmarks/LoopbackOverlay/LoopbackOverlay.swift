import ArgumentParser
import NIOPosix

/// Nodes of the real overlay in one process, each with a socket of its own on 127.0.0.1, encrypted and signed: what
/// their operations cost all of them together.
@main
struct LoopbackOverlay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "LoopbackOverlay", abstract: "Measure an overlay of real nodes on the loopback interface.")

    @Option(help: "How many nodes there are.") var nodes = 32
    @Option(help: "How many operations of each kind are timed.") var operations = 500
    @Option(help: "Nodes that holders of a record among must answer before a get ends.") var quorum = 2
    @Option(help: "How many nodes die at once.") var deaths = 9
    @Option(help: "What the random choices follow from.") var seed: UInt64 = 1
    @Option(
        parsing: .upToNextOption, help: "What to measure (\(Measure.allCases.map(\.rawValue).joined(separator: ", ")))."
    )
    var measures = Measure.allCases
    @Flag(help: "Print one JSON object a line.") var json = false

    func validate() throws {
        guard nodes >= 2, operations >= 1, quorum >= 1 else {
            throw ValidationError("at least two nodes, one operation and a quorum of one are needed")
        }
        guard (1..<nodes).contains(deaths) else { throw ValidationError("at least one node dies and one lives on") }
    }

    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let overlay = Overlay(
            on: group.next(), figures: Figures(asJSON: json), operations: operations, quorum: quorum, seed: seed)
        try await overlay.start(nodes)
        if measures != [.start] { try await overlay.measureIdle() }
        // What is looked for must have been stored, and deaths are the end.
        let needsRecords = !Set(measures).isDisjoint(with: [.put, .get, .parallel, .deaths])
        if needsRecords { await overlay.measurePuts(measures.contains(.put) ? operations : min(operations, 500)) }
        if measures.contains(.get) { await overlay.measureGets() }
        if measures.contains(.parallel) { await overlay.measureParallelGets() }
        if measures.contains(.users) { await overlay.measurePutsByUsers() }
        if measures.contains(.watch) { try await overlay.measureWatches() }
        if measures.contains(.deaths) { try await overlay.measureDeaths(of: deaths) }
        await overlay.close()
        try await group.shutdownGracefully()
    }
}
