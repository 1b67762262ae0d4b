import SIPMessages
import Testing

/// One message made to break a parser, and what its RFC says must come of it.
struct TortureCase: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable, Equatable {
        /// Well formed: it is read and nothing speaks against processing it.
        case accepted
        /// A request that is refused with this status.
        case refused(Int)
        /// Nothing is done with it: a broken response, or nothing that could be answered.
        case dropped
    }

    let name: String
    let bytes: [UInt8]
    let outcome: Outcome
    /// What must be true besides of a message that was read.
    let holds: @Sendable (SIPMessage) throws -> Bool

    init(
        _ name: String, _ bytes: [UInt8], _ outcome: Outcome,
        holds: @escaping @Sendable (SIPMessage) throws -> Bool = { _ in true }
    ) {
        self.name = name
        self.bytes = bytes
        self.outcome = outcome
        self.holds = holds
    }

    init(
        _ name: String, _ text: String, _ outcome: Outcome,
        holds: @escaping @Sendable (SIPMessage) throws -> Bool = { _ in true }
    ) {
        self.init(name, Array(text.utf8), outcome, holds: holds)
    }

    var testDescription: String { name }

    /// What this module makes of a datagram.
    static func outcome(of bytes: [UInt8]) -> (Outcome, SIPMessage?) {
        let message: SIPMessage
        do {
            message = try SIPMessage(parsing: bytes)
        } catch {
            guard error.response != nil else { return (.dropped, error.message) }
            return (.refused(error.status), error.message)
        }
        guard let fault = message.validation(schemes: [.sip, .sips, .tel]) else { return (.accepted, message) }
        return (fault.response(to: message) == nil ? .dropped : .refused(fault.status), message)
    }

    /// A request with the header fields every request has, some of which a row replaces, leaves out (with nil), or
    /// adds to. All lines end in CR LF; Content-Length is stated when the row states it.
    static func request(
        _ line: String, method: String? = nil, _ changes: KeyValuePairs<String, String?> = [:], body: String = ""
    ) -> String {
        let word = method ?? String(line.prefix { $0 != " " })
        var fields: [(String, String)] = [
            ("Via", "SIP/2.0/UDP client.torture.example;branch=z9hG4bKtorture"), ("Max-Forwards", "70"),
            ("From", "<sip:ann@torture.example>;tag=a1"), ("To", "<sip:ben@torture.example>"),
            ("Call-ID", "own.\(word)@torture.example"), ("CSeq", "7 \(word)"),
        ]
        return compose(line, &fields, changes, body)
    }

    static func response(_ line: String, _ changes: KeyValuePairs<String, String?> = [:], body: String = "") -> String {
        var fields: [(String, String)] = [
            ("Via", "SIP/2.0/UDP client.torture.example;branch=z9hG4bKtorture"),
            ("From", "<sip:ann@torture.example>;tag=a1"), ("To", "<sip:ben@torture.example>;tag=b2"),
            ("Call-ID", "own.response@torture.example"), ("CSeq", "7 INVITE"),
        ]
        return compose(line, &fields, changes, body)
    }

    private static func compose(
        _ line: String, _ fields: inout [(String, String)], _ changes: KeyValuePairs<String, String?>, _ body: String
    ) -> String {
        var replaced: Set<String> = []
        for (name, value) in changes {
            if let place = fields.firstIndex(where: { $0.0 == name }), !replaced.contains(name) {
                if let value { fields[place].1 = value } else { fields.remove(at: place) }
                replaced.insert(name)
            } else if let value {
                fields.append((name, value))
            }
        }
        let head = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
        return "\(line)\r\n\(head)\r\n\(body)"
    }
}
