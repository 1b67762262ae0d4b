import Primitives

/// What a record of an unknown session provokes when it is too short for a challenge: never longer than the record.
///
/// Type, echo of session ID and counter (16), check (16). Its receiver keeps its session and only says hello.
struct UnknownSessionNotice: Sendable {
    static let length = 1 + 16 + DatagramCheck.length

    let echo: Echo

    init(echo: Echo) { self.echo = echo }

    func encode(_ check: DatagramCheck) -> [UInt8] {
        check.appending(to: [DatagramType.unknownSession.rawValue] + echo.bytes)
    }

    /// - Parameter datagram: of the right type, and its check is good.
    init(decoding datagram: [UInt8]) throws(MalformedBytes) {
        guard datagram.count == Self.length else { throw MalformedBytes("a notice of another length") }
        var reader = ByteReader(datagram[1...])
        echo = try Echo(reading: &reader)
    }
}
