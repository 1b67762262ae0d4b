import Foundation
import SIPMessages
import Testing

/// What the whole server makes of each message of RFC 4475 and RFC 5118, where their files are at hand.
struct OriginalTortureServerTests {
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
        return names.filter { $0.hasSuffix(".dat") && !$0.hasSuffix(".lf.dat") }.sorted()
    }()

    /// In the order of the RFCs.
    private static let outcomes: [String: TortureServer.Outcome] = [
        // RFC 4475 §3.1.1: well formed.
        "wsinv": .routed, "intmeth": .forwarded, "esc01": .forwarded, "escnull": .answered(200), "esc02": .routed,
        "lwsdisp": .forwarded, "longreq": .forwarded, "dblreq": .answered(200), "semiuri": .forwarded,
        "transports": .forwarded, "mpart01": .forwarded, "unreason": .ignored, "noreason": .ignored,
        // §3.1.2: not well formed. Nothing is guessed; responses are dropped.
        "badinv01": .answered(400), "clerr": .answered(400), "ncl": .answered(400), "scalar02": .answered(400),
        "scalarlg": .ignored, "quotbal": .answered(400), "ltgtruri": .answered(400), "lwsruri": .answered(400),
        "lwsstart": .answered(400), "trws": .answered(400), "escruri": .answered(400), "baddate": .forwarded,
        "regbadct": .answered(400), "badaspec": .answered(400), "baddn": .answered(400), "badvers": .answered(505),
        "mismatch01": .answered(400), "mismatch02": .answered(501), "bigcode": .ignored,
        // §3.2 to §3.4
        "badbranch": .forwarded, "insuf": .answered(400), "unkscm": .answered(416), "novelsc": .answered(416),
        "unksm2": .answered(400), "bext01": .answered(420), "invut": .forwarded, "regaut01": .answered(200),
        "multi01": .answered(400), "mcl01": .answered(400), "bcast": .ignored,
        // RFC 3261 §16.3 step 3: a proxy may answer an OPTIONS that goes no further as if it were for itself.
        "zeromf": .answered(200),
        "cparam01": .answered(200), "cparam02": .answered(200), "regescrt": .answered(200), "sdp01": .forwarded,
        "inv2543": .forwarded, "test": .ignored,
        // RFC 5118: this server has none of the addresses that they are sent to.
        "ipv6-good": .forwarded, "ipv6-bad": .answered(400), "port-ambiguous": .forwarded,
        "port-unambiguous": .forwarded, "via-received-param-no-delim": .forwarded,
        "via-received-param-with-delim": .forwarded, "ipv6-in-sdp": .forwarded, "mult-ip-in-header": .routed,
        "mult-ip-in-sdp": .forwarded, "ipv4-mapped-ipv6": .forwarded,
        // One colon too many, which the grammar of RFC 3261 has, may be passed over.
        "ipv6-bug-abnf-3-colons": .forwarded, "ipv6-correct-abnf-2-colons": .forwarded,
    ]

    @Test(.enabled(if: folder != nil), arguments: files)
    func comesOut(_ file: String) throws {
        let folder = try #require(Self.folder)
        let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(file)))
        let name = file.dropLast(4).split(separator: "-", maxSplits: 2).last.map(String.init) ?? ""
        let expected = try #require(Self.outcomes[name], "no row for \(name)")
        let outcome = TortureServer.outcome(of: bytes)
        #expect(TortureServer.fits(outcome, expected), "\(name) was \(outcome)")
    }
}
