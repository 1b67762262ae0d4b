import OverlaySimulator
import Primitives
import Testing

@testable import starling_sim

struct JSONTests {
    private func object(_ text: String) throws -> JSONValue { try JSONReader.read(text) }

    @Test func readsWhatItWrites() throws {
        let value = JSONValue.object([
            .init(name: "z \"quoted\" \\ \n\t\u{1}é𝄞", value: .string("</script>\u{7F}\r")),
            .init(name: "a", value: .array([.null, .bool(true), .number(-1.5e-7), .array([]), .object([])])),
            .init(name: "seed", value: .number(UInt64.max)),
        ])
        #expect(try JSONReader.read(value.text) == value)
        #expect(value.text.contains("18446744073709551615"))
    }

    @Test func readsAllEscapes() throws {
        #expect(try JSONReader.read(#" "\u00e9\ud834\udd1e\/\b\f\n\r\t\"\\" "#).string == "é𝄞/\u{8}\u{C}\n\r\t\"\\")
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "{\"a\":}", "nul", "tru e", "+1", ".5", "NaN", "0x10", "\"\\ud834\"", "\"\\x\"",
        "\"a\nb\"", "\"open", "[1] 2", "{a:1}",
    ])
    func refusesWhatIsNone(_ text: String) {
        #expect(throws: JSONReader.Failure.self) { try JSONReader.read(text) }
    }

    @Test func refusesToSinkIntoADeepDocument() {
        #expect(throws: JSONReader.Failure.self) {
            try JSONReader.read(String(repeating: "[", count: 100_000))
        }
    }

    /// Random values survive, and no cut of a document reads as another.
    @Test func randomDocumentsSurvive() throws {
        var random = RandomSource(seed: 3)
        for _ in 0..<300 {
            let value = JSONValue.array([Self.value(&random, depth: 4)])
            let text = value.text
            #expect(try JSONReader.read(text) == value)
            let cut = text.unicodeScalars.prefix(Int(random.next() % UInt64(text.unicodeScalars.count - 1)))
            #expect(throws: JSONReader.Failure.self) { try JSONReader.read(String(String.UnicodeScalarView(cut))) }
        }
    }

    private static func value(_ random: inout RandomSource, depth: Int) -> JSONValue {
        switch random.next() % (depth == 0 ? 4 : 6) {
        case 0: return .null
        case 1: return .bool(random.next() % 2 == 0)
        case 2: return .number(Double(bitPattern: random.next()))
        case 3:
            let scalars = (0..<random.next() % 5).map { _ in Unicode.Scalar(UInt8(random.next() % 256)) }
            return .string(String(String.UnicodeScalarView(scalars)))
        case 4: return .array((0..<random.next() % 4).map { _ in value(&random, depth: depth - 1) })
        default:
            return .object(
                (0..<random.next() % 4).map {
                    JSONValue.Member(name: "k\($0)", value: value(&random, depth: depth - 1))
                })
        }
    }
}
