import Foundation
import SIPMessages
import Testing

/// The messages of RFC 4475 and RFC 5118 bit by bit, where their files are at hand.
struct OriginalTortureTests {
    /// `shared/torture` beside the checkout, or beside the folder that holds several of them.
    private static let folder: URL? = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        for _ in 0..<2 {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("shared/torture")
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
        }
        return nil
    }()

    private static let files: [String] = {
        guard let folder else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".dat") }.sorted()
    }()

    /// What is refused or dropped; everything else is accepted.
    private static let outcomes: [String: TortureCase.Outcome] = [
        "badinv01": .refused(400), "clerr": .refused(400), "ncl": .refused(400), "scalar02": .refused(400),
        "scalarlg": .dropped, "quotbal": .refused(400), "ltgtruri": .refused(400), "lwsruri": .refused(400),
        "lwsstart": .refused(400), "trws": .refused(400), "escruri": .refused(400), "regbadct": .refused(400),
        "badaspec": .refused(400), "baddn": .refused(400), "badvers": .refused(505), "mismatch01": .refused(400),
        "mismatch02": .refused(501), "bigcode": .dropped, "insuf": .refused(400), "unkscm": .refused(416),
        "novelsc": .refused(416), "multi01": .refused(400), "mcl01": .refused(400), "bcast": .dropped,
        "test": .dropped, "ipv6-bad": .refused(400),
    ]

    @Test(.enabled(if: folder != nil), arguments: files)
    func comesOut(_ file: String) throws {
        let folder = try #require(Self.folder)
        let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(file)))
        let (outcome, _) = TortureCase.outcome(of: bytes)
        // Without CR LF it is no SIP message at all.
        if file.hasSuffix(".lf.dat") {
            #expect(outcome == .dropped)
            return
        }
        let name = file.dropLast(4).split(separator: "-", maxSplits: 2).last.map(String.init) ?? ""
        #expect(outcome == Self.outcomes[name] ?? .accepted)
    }
}
