import Foundation
import OverlaySimulator
import Primitives
import Testing

/// Where the files lie, if they do: beside this repository.
private enum MeasuredDelays {
    static let folder: URL = {
        var url = URL(filePath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.appending(path: "shared/data/latency")
    }()

    static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }
}

/// The delays that were measured in the Internet.
@Suite(.enabled(if: MeasuredDelays.areThere)) struct UnderlayMeasuredTests {
    private func coordinates() throws -> [SIMD2<Double>] {
        let text = try String(
            contentsOf: MeasuredDelays.folder.appending(path: "oversim-nodes_2d_15000.xml"), encoding: .utf8)
        let numbers = text.split(separator: "<coord>").dropFirst().compactMap { part in
            Double(part.prefix { $0 != "<" }.trimmingCharacters(in: .whitespaces))
        }
        return stride(from: 0, to: numbers.count - 1, by: 2).map { SIMD2(numbers[$0], numbers[$0 + 1]) }
    }

    private func matrix() throws -> [[Float]] {
        let file = MeasuredDelays.folder.appending(path: "planetlab-490x490-rtt-ms.txt")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            line.split(whereSeparator: \.isWhitespace).compactMap { Float($0) }
        }
    }

    @Test func thePlaneIsLikeTheCoordinates() throws {
        let places = try coordinates()
        #expect(places.count == 15_000)
        let measured = UnderlayTests.delays(
            UnderlayTests.underlay(.coordinates(file: "", places: places), nodes: 15_000), nodes: 15_000)
        let made = UnderlayTests.delays(UnderlayTests.underlay(.plane, nodes: 15_000), nodes: 15_000)
        for (share, delay) in [(0.5, 69.9), (0.9, 156.7), (0.99, 248.6)] {
            #expect((measured.percentile(share) / delay - 1).magnitude < 0.02)
            #expect((made.percentile(share) / measured.percentile(share) - 1).magnitude < 0.05)
        }
        for share in stride(from: 0.05, to: 0.96, by: 0.05) {
            let bound = measured.percentile(share)
            #expect((made.share(upTo: bound) - share).magnitude < 0.04, "\(share) up to \(bound) ms")
        }
    }

    @Test func theMatrixIsHalved() throws {
        let roundTrips = try matrix()
        let underlay = UnderlayTests.underlay(.matrix(file: "", roundTrips: roundTrips), nodes: 490)
        let delays = UnderlayTests.delays(underlay, nodes: 490)
        #expect((delays.percentile(0.5) / 67.5 - 1).magnitude < 0.03)
        #expect((delays.percentile(0.9) / 145.5 - 1).magnitude < 0.03)
        #expect(underlay.leastDelay == .microseconds(500))
    }
}
