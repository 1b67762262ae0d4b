/// A SIP request or response: its bytes, and an index of where everything stands in them.
///
/// Parsing only finds boundaries. A typed view of a header field is made when somebody asks for it, and what nobody
/// asks for is neither checked nor changed (RFC 3261 §16.3: a proxy must not refuse what it does not need).
package struct SIPMessage: Sendable, Hashable, CustomStringConvertible {
    /// The message as it is on the wire, from the first byte of the start line to the last of the body.
    package let bytes: [UInt8]
    let index: MessageIndex

    init(bytes: [UInt8], index: MessageIndex) {
        self.bytes = bytes
        self.index = index
    }

    /// Reads one datagram, or one message that `StreamFramer` cut out of a stream.
    ///
    /// Line ends before the start line are skipped (RFC 3261 §7.5), and octets behind the body that Content-Length
    /// states are dropped (RFC 3261 §18.3). Whether the request makes sense is for `validation` to say.
    ///
    /// - Throws: what is wrong; `message` is set when enough was read to answer it.
    package init(parsing datagram: [UInt8]) throws(SIPParseError) {
        var received = datagram
        let blank = received.prefix { $0 == ASCII.carriageReturn || $0 == ASCII.lineFeed }.count
        if blank > 0 { received.removeFirst(blank) }
        guard received.count <= MessageLimits.total else { throw SIPParseError(status: 513, "Message Too Large") }
        let (isMessage, index, fault) = Self.scan(received)
        guard isMessage else { throw SIPParseError("Malformed start line") }
        if let length = index.contentLength, length < received.count - Int(index.bodyStart) {
            received.removeLast(received.count - Int(index.bodyStart) - length)
        }
        self.init(bytes: received, index: index)
        if let fault { throw SIPParseError(fault, message: self) }
    }

    /// Reads the head of a message whose body has not arrived yet.
    init(parsingHead head: [UInt8]) throws(SIPParseError) {
        let (isMessage, index, fault) = Self.scan(head)
        guard isMessage else { throw SIPParseError("Malformed start line") }
        self.init(bytes: head, index: index)
        if let fault { throw SIPParseError(fault, message: self) }
    }

    private static func scan(_ bytes: [UInt8]) -> (isMessage: Bool, index: MessageIndex, fault: String?) {
        bytes.withUnsafeBytes { buffer in
            var scanner = MessageScanner(buffer)
            let isMessage = scanner.scan()
            return (isMessage, scanner.index, scanner.fault)
        }
    }

    package static func == (a: SIPMessage, b: SIPMessage) -> Bool { a.bytes == b.bytes }

    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// The whole message as text, for tests and people. It may hold credentials: it does not belong in a log.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The start line alone, which names nobody's secrets.
    package var description: String { String(decoding: bytes[..<(Int(index.fieldsStart) - 2)], as: UTF8.self) }

    /// The body; empty when there is none.
    package var body: ArraySlice<UInt8> { bytes[Int(index.bodyStart)...] }
}

// MARK: Start line

extension SIPMessage {
    package var isRequest: Bool { index.isRequest }

    /// What a request asks for; nil in a response.
    package var method: SIPMethod? { isRequest ? SIPMethod(bytes[..<Int(index.methodEnd)]) : nil }

    /// The status code of a response, 100 to 699; nil in a request.
    package var statusCode: Int? { isRequest ? nil : Int(index.status) }

    /// The words behind the status code of a response, often empty; empty in a request.
    package var reasonPhrase: String { isRequest ? "" : startLineText }

    /// The Request-URI as it is written; empty in a response.
    package var requestURIText: String { isRequest ? startLineText : "" }

    /// Whether the start line says SIP/2.0.
    package var isVersionSupported: Bool { index.version == .two }

    /// The Request-URI (RFC 3261 §8.1.1.1); nil in a response and when it breaks its own grammar.
    package var requestURI: SIPURI? { isRequest ? SIPURI(bytes[Int(index.textStart)..<Int(index.textEnd)]) : nil }

    private var startLineText: String {
        String(decoding: bytes[Int(index.textStart)..<Int(index.textEnd)], as: UTF8.self)
    }
}
