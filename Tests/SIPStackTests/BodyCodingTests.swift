import Primitives
import SIPMessages
import SIPStack
import Testing

/// Bodies that come compressed, as Linphone's lists do.
struct BodyCodingTests {
    /// `<resource-lists/>` as zlib writes it.
    private static let compressed = bytes("789cb3294a2dce2f2d4a4ed5cdc92c2e29d6b703003ba8066e")

    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).map { offset in
            let start = hex.index(hex.startIndex, offsetBy: offset)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16)!
        }
    }

    /// 2 MiB of zeros in 13 KiB, as a zlib stream of one block of long matches.
    private static let bomb: [UInt8] = {
        // RFC 1951 §3.2.6, fixed Huffman codes, least significant bit first: a literal 0, then matches of 258 bytes one
        // byte back.
        var bits: [UInt8] = [1, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0]
        for _ in 0..<8_129 { bits += [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0] }
        bits += [0, 0, 0, 0, 0, 0, 0]
        let packed = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<min(start + 8, bits.count)].enumerated().reduce(UInt8(0)) {
                $0 | $1.element << UInt8($1.offset)
            }
        }
        return [0x78, 0x9C] + packed + [0, 0, 0, 0]
    }()

    private static func subscribe(
        _ body: [UInt8], encoding: String?, trusted: Bool = true
    ) -> (handedUp: SIPMessage?, answer: SIPMessage?) {
        let alice = Peer("alice", "198.51.100.1:5060")
        var harness = ServerHarness(trusted: trusted ? ["198.51.100.0/24"] : [])
        let headers = [(HeaderName.event, "presence")] + (encoding.map { [(HeaderName.contentEncoding, $0)] } ?? [])
        let message = harness.request(
            .subscribe, "sip:friends@example.org", from: alice, headers: headers, body: body)
        harness.receive(message, on: alice.flow)
        return (harness.actions.handedUp.first?.1, harness.sentMessages().last)
    }

    @Test(arguments: ["deflate", "DEFLATE", "identity, deflate"])
    func aDeflatedBodyIsHandedUpPlain(encoding: String) throws {
        let request = try #require(Self.subscribe(Self.compressed, encoding: encoding).handedUp)
        #expect(Array(request.body) == Array("<resource-lists/>".utf8))
        #expect(try request.contentLength == 17)
        #expect(!request.contains(.contentEncoding))
    }

    @Test(arguments: ["gzip", "deflate, deflate", "deflate, gzip"])
    func otherCodingsAreRefused(encoding: String) throws {
        let outcome = Self.subscribe(Self.compressed, encoding: encoding)
        #expect(outcome.handedUp == nil)
        let answer = try #require(outcome.answer)
        #expect(answer.statusCode == 415)
        #expect(answer.value(.acceptEncoding)?.description == "deflate, identity")
    }

    @Test func aCodingOfNothingIsNothing() {
        #expect(Self.subscribe([], encoding: "deflate").handedUp?.body.isEmpty == true)
    }

    @Test func whatIsNoStreamIsRefused() {
        for body in [
            Array(Self.compressed.dropLast()), Self.compressed + [0], Array("<resource-lists/>".utf8),
        ] {
            let outcome = Self.subscribe(body, encoding: "deflate")
            #expect(outcome.handedUp == nil && outcome.answer?.statusCode == 400)
        }
    }

    @Test func whatGrowsTooLargeIsRefused() {
        #expect(Self.bomb.count < 14_000)
        let outcome = Self.subscribe(Self.bomb, encoding: "deflate")
        #expect(outcome.handedUp == nil && outcome.answer?.statusCode == 413)
    }

    @Test func nothingIsInflatedForStrangers() {
        #expect(Self.subscribe(Self.bomb, encoding: "deflate", trusted: false).answer?.statusCode == 401)
    }
}
