/// Cuts the bytes of a TCP or TLS connection into messages (RFC 3261 §18.3) and keep-alives (RFC 5626 §3.5.1).
///
/// A message ends where its Content-Length says. Where that is missing, not a number, contradicts itself or is too
/// large, nobody can know where the next message begins: the fault is thrown, with what is needed to answer it, and
/// the connection is of no more use.
package struct StreamFramer: Sendable {
    /// What a stream consists of.
    package enum Element: Hashable, Sendable {
        /// The bytes of one whole message.
        case message([UInt8])
        /// A double CRLF, to be answered with a single one (RFC 5626 §4.4.1).
        case ping
        /// A single CRLF: the answer to a ping.
        case pong
    }

    /// How many bytes read before it are let stand in front of the unread ones before they are moved away.
    private static let slack = 65_536

    private let maximumTotal: Int
    private var buffer: [UInt8] = []
    /// The first byte that belongs to no element given out yet.
    private var start = 0
    /// How far the head that begins at `start` has been searched for its end.
    private var searched = 0
    /// How long the message at `start` is; nil while its head is incomplete.
    private var length: Int?
    /// Whether the last element was a CRLF that a second one makes a ping.
    private var isHalfPing = false
    private var fault: SIPParseError?

    /// - Parameter maximumTotal: the largest message taken, head and body together, in bytes.
    package init(maximumTotal: Int = MessageLimits.total) { self.maximumTotal = maximumTotal }

    /// How many bytes wait for the rest of their message.
    package var pendingByteCount: Int { buffer.count - start }

    /// Takes what was read from the connection. After a fault it is ignored.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        guard fault == nil else { return }
        if start > 0, start == buffer.count || start >= Self.slack {
            buffer.removeFirst(start)
            searched -= start
            start = 0
        }
        buffer += bytes
    }

    /// The next element; nil when more bytes are needed.
    /// - Throws: the fault that ends the stream, with a `message` to answer where one could be read; the same again at
    ///   every later call.
    package mutating func next() throws(SIPParseError) -> Element? {
        if let fault { throw fault }
        do {
            return try read()
        } catch {
            fault = error
            buffer = []
            start = 0
            throw error
        }
    }

    private mutating func read() throws(SIPParseError) -> Element? {
        if length == nil, let keepAlive = readKeepAlive() { return keepAlive }
        if length == nil { length = try readHead() }
        guard let length, buffer.count - start >= length else { return nil }
        let message = Array(buffer[start..<start + length])
        start += length
        searched = start
        self.length = nil
        return .message(message)
    }

    /// CRLF in front of a message is a keep-alive: two make a ping, whether or not they arrive together.
    private mutating func readKeepAlive() -> Element? {
        guard buffer.count - start >= 2, buffer[start] == ASCII.carriageReturn, buffer[start + 1] == ASCII.lineFeed
        else {
            if buffer.count > start, buffer[start] != ASCII.carriageReturn { isHalfPing = false }
            return nil
        }
        start += 2
        searched = start
        if isHalfPing {
            isHalfPing = false
            return .ping
        }
        guard buffer.count - start >= 2, buffer[start] == ASCII.carriageReturn, buffer[start + 1] == ASCII.lineFeed
        else {
            isHalfPing = buffer.count == start || (buffer.count == start + 1 && buffer[start] == ASCII.carriageReturn)
            return .pong
        }
        start += 2
        searched = start
        return .ping
    }

    /// Looks for the empty line behind the header fields, each byte once, and reads the Content-Length when it is there.
    /// - Returns: the length of the whole message; nil when the head is incomplete.
    private mutating func readHead() throws(SIPParseError) -> Int? {
        guard let headEnd = findEmptyLine() else {
            guard buffer.count - start < MessageLimits.head else { throw SIPParseError("Header fields too large") }
            return nil
        }
        guard headEnd - start <= MessageLimits.head else { throw SIPParseError("Header fields too large") }
        let head = try SIPMessage(parsingHead: Array(buffer[start..<headEnd]))
        let stated: Int?
        do {
            stated = try head.contentLength
        } catch {
            throw SIPParseError(status: error.status, error.reason, message: head)
        }
        guard let stated else { throw SIPParseError("Missing Content-Length header field", message: head) }
        guard stated <= maximumTotal - (headEnd - start) else {
            throw SIPParseError(status: 513, StatusCode.reasonPhrase(513), message: head)
        }
        return headEnd - start + stated
    }

    /// Behind the first CR LF CR LF at or after `start`.
    private mutating func findEmptyLine() -> Int? {
        let from = max(start, searched - 3)
        let found = buffer.withUnsafeBytes { bytes -> Int? in
            var at = from
            while at + 4 <= bytes.count {
                // The last byte decides how far the next possible match is.
                switch bytes[at + 3] {
                case ASCII.lineFeed:
                    if bytes[at + 2] == ASCII.carriageReturn, bytes[at + 1] == ASCII.lineFeed,
                        bytes[at] == ASCII.carriageReturn
                    {
                        return at + 4
                    }
                    at += 2
                case ASCII.carriageReturn:
                    at += 1
                default:
                    at += 4
                }
            }
            return nil
        }
        searched = buffer.count
        return found
    }
}
