import Primitives
import SIPMessages
import SIPStack
import Testing

/// The STUN server on SIP's UDP ports (RFC 8489, RFC 5626 §8).
@Suite struct STUNTests {
    private static let transactionID = "b7e7a701bc34d686fa87dfae"
    private static let source = Endpoint("192.0.2.1:32853")!

    /// RFC 5769 §2.1: with two attributes that a server need not know, one of which it must; credentials; a fingerprint.
    private static let request =
        "000100582112a442" + transactionID
        + "802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
        + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
    /// RFC 5769 §2.2 and §2.3: the attribute XOR-MAPPED-ADDRESS in the answers.
    private static let mappedV4 = "002000080001a147e112a643"
    private static let mappedV6 = "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"

    private func answer(_ hex: String, from source: Endpoint = Self.source) -> String? {
        STUNServer.answer(Hex.decode(hex)!, from: source).map { Hex.encode($0) }
    }

    @Test func whoAsksIsToldWhereItIs() {
        let plain = "000100002112a442" + Self.transactionID
        #expect(answer(plain) == "0101000c2112a442" + Self.transactionID + Self.mappedV4)
        let v6 = Endpoint("[2001:db8:1234:5678:11:2233:4455:6677]:32853")!
        #expect(answer(plain, from: v6) == "010100182112a442" + Self.transactionID + Self.mappedV6)
    }

    @Test func aFingerprintIsAnsweredWithOne() throws {
        // That of a plain request, computed apart from this code.
        let plain = "000100082112a442" + Self.transactionID + "80280004"
        let out = try #require(answer(plain + "fdf6ae02"))
        #expect(out.hasPrefix("010100142112a442" + Self.transactionID + Self.mappedV4 + "80280004"))
        #expect(out.utf8.count == 80)
        #expect(answer(plain + "fdf6ae03") == nil)
    }

    /// RFC 8489 §6.3.1: PRIORITY (0x0024) belongs to ICE.
    @Test func whatMustBeUnderstoodAndIsNotIsNamed() throws {
        let out = try #require(answer(Self.request))
        #expect(
            out.hasPrefix(
                "011100182112a442" + Self.transactionID + "0009000400000414" + "000a000200240000" + "80280004"))
        // Without it the same request, whose credentials nobody asked for, is answered.
        let known = Self.request.replacing("002400046e0001ff", with: "802400046e0001ff")
            .replacing("80280004e57a3bcf", with: "").replacing("00010058", with: "00010050")
        #expect(answer(known) == "0101000c2112a442" + Self.transactionID + Self.mappedV4)
    }

    @Test(arguments: [
        // Too short; another cookie; a length that is not a multiple of four, or not that of the message.
        "000100002112a442b7e7a701bc34d686fa87df", "000100002112a443" + transactionID,
        "000100032112a442" + transactionID + "000000", "000100042112a442" + transactionID,
        // An indication, a response, another method.
        "001100002112a442" + transactionID, "010100002112a442" + transactionID, "000300002112a442" + transactionID,
        // Attributes longer than the message; a fingerprint that is not the last.
        "000100042112a442" + transactionID + "80220001", "000100082112a442" + transactionID + "8022000500000000",
        "000100102112a442" + transactionID + "80280004fdf6ae028022000400000000",
    ])
    func whatIsNoRequestIsNotAnswered(hex: String) { #expect(answer(hex) == nil) }

    /// Whatever is asked, and from a forged source: no answer is more than one and a half times as long and 24 bytes.
    @Test(arguments: [1, 2, 3] as [UInt64]) func changedRequestsBreakNothing(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let seeds = [Self.request, "000100002112a442" + Self.transactionID].compactMap { Hex.decode($0) }
        for _ in 0..<2_000 {
            var bytes = seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if place > 7 || place < 4 { bytes[place] = UInt8.random(in: 0...255, using: &random) }
                if Bool.random(using: &random) {
                    bytes += [0x7F, UInt8.random(in: 0...255, using: &random), 0, 0]
                    let length = bytes.count - 20
                    bytes[2] = UInt8(length >> 8)
                    bytes[3] = UInt8(length & 255)
                }
            }
            let out = STUNServer.answer(bytes, from: Self.source)
            #expect((out?.count ?? 0) <= bytes.count + 24)
            if let out { #expect(out.count % 4 == 0 && Array(out[8..<20]) == Array(bytes[8..<20])) }
        }
    }

    @Test func itSharesThePortOfSIP() throws {
        var harness = ServerHarness(allowedSources: ["198.51.100.0/24"])
        let phone = Peer("alice", "198.51.100.7:5060")
        let request = try #require(Hex.decode("000100002112a442" + Self.transactionID))
        func answers(_ flow: Flow) -> [TransportAction] {
            harness.actions = []
            harness.handle(.transport(.received(request, on: flow)))
            return harness.actions.compactMap { if case .transport(let action) = $0 { action } else { nil } }
        }
        let out = try #require(STUNServer.answer(request, from: phone.endpoint))
        #expect(answers(phone.flow) == [.transmit(out, on: phone.flow)])
        #expect(harness.actions.observations.isEmpty)
        // RFC 5626 §3.5.1: by TCP it is CRLF; and who may not speak SIP may not ask.
        #expect(answers(Peer("a", "198.51.100.7:5060", transport: .tcp, connection: 1).flow).isEmpty)
        #expect(answers(Peer("a", "203.0.113.7:5060").flow).isEmpty)
    }
}
