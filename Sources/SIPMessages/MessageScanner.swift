/// Finds the parts of a message in one pass over its bytes.
///
/// A message is read as RFC 3261 §7 writes it: every line ends in CR LF, and neither stands alone anywhere in the head,
/// because an element that took a bare one for a line end would see other header fields than one that does not.
struct MessageScanner {
    let bytes: UnsafeRawBufferPointer
    var position = 0
    var index = MessageIndex()
    /// The first fault found; what could be read around it is in `index`.
    var fault: String?

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// - Returns: false when there is no message at all in the bytes, so that nothing can be answered.
    mutating func scan() -> Bool {
        guard let lineEnd = endOfLine(from: 0) else { return false }
        scanStartLine(lineEnd)
        position = lineEnd + 2
        index.fieldsStart = UInt32(position)
        index.fields.reserveCapacity(24)
        while position < bytes.count {
            if bytes[position] == ASCII.carriageReturn, position + 1 < bytes.count,
                bytes[position + 1] == ASCII.lineFeed
            {
                index.fieldsEnd = UInt32(position)
                index.bodyStart = UInt32(position + 2)
                return true
            }
            guard scanField() else { break }
        }
        // Without the empty line the end of the head is not known (RFC 3261 §7: it is there even without a body).
        note("Missing empty line after header fields")
        index.fieldsEnd = UInt32(min(position, bytes.count))
        index.bodyStart = UInt32(bytes.count)
        return true
    }

    private mutating func note(_ reason: String) {
        if fault == nil { fault = reason }
    }

    /// The position of the next CR LF; nil when there is none within the longest line, or a bare CR or LF comes first.
    private func endOfLine(from start: Int) -> Int? {
        var at = start
        let limit = min(bytes.count, start + MessageLimits.line)
        while true {
            at = Self.firstControl(bytes, from: at, to: limit)
            guard at < limit else { return nil }
            switch bytes[at] {
            case ASCII.carriageReturn:
                return at + 1 < bytes.count && bytes[at + 1] == ASCII.lineFeed ? at : nil
            case ASCII.lineFeed:
                return nil
            default:
                at += 1
            }
        }
    }

    /// The first byte below 0x0E in `from ..< to`, or `to`: eight bytes at a time, by the borrow that subtracting
    /// 0x0E from each of them causes. A borrow only spreads upwards, so the lowest one found is a true one.
    @inline(__always)
    private static func firstControl(_ bytes: UnsafeRawBufferPointer, from: Int, to: Int) -> Int {
        var at = from
        while at &+ 8 <= to {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let hits = (word &- 0x0E0E_0E0E_0E0E_0E0E) & ~word & 0x8080_8080_8080_8080
            if hits != 0 { return at &+ hits.trailingZeroBitCount &>> 3 }
            at &+= 8
        }
        while at < to, bytes[at] >= 0x0E { at &+= 1 }
        return at
    }

    // MARK: Start line

    private mutating func scanStartLine(_ lineEnd: Int) {
        let isStatusLine = lineEnd >= 4 && Self.isSIP(bytes, at: 0)
        index.isRequest = !isStatusLine
        if isStatusLine { scanStatusLine(lineEnd) } else { scanRequestLine(lineEnd) }
    }

    private static func isSIP(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        bytes[start] | 0x20 == UInt8(ascii: "s") && bytes[start + 1] | 0x20 == UInt8(ascii: "i")
            && bytes[start + 2] | 0x20 == UInt8(ascii: "p") && bytes[start + 3] == UInt8(ascii: "/")
    }

    /// Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF (RFC 3261 §7.2); the status code has exactly three
    /// digits and is at least 100. A missing space before an empty reason phrase is let pass.
    private mutating func scanStatusLine(_ lineEnd: Int) {
        var at = 0
        while at < lineEnd, bytes[at] != ASCII.space { at += 1 }
        scanVersion(0, at)
        let code = at + 1
        guard code + 3 <= lineEnd, (code..<code + 3).allSatisfy({ ASCII.isDigit(bytes[$0]) }),
            code + 3 == lineEnd || bytes[code + 3] == ASCII.space
        else { return note("Malformed Status-Line") }
        index.status = (code..<code + 3).reduce(0) { $0 * 10 + UInt16(bytes[$1] & 15) }
        if !(100..<700).contains(index.status) { note("Malformed Status-Line") }
        index.textStart = UInt32(min(code + 4, lineEnd))
        index.textEnd = UInt32(lineEnd)
    }

    /// Request-Line = Method SP Request-URI SP SIP-Version CRLF (RFC 3261 §7.1): single spaces, none around, none inside
    /// the URI.
    private mutating func scanRequestLine(_ lineEnd: Int) {
        var at = 0
        while at < lineEnd, ASCII.isToken(bytes[at]) { at += 1 }
        index.methodEnd = UInt32(at)
        index.textStart = UInt32(at)
        index.textEnd = UInt32(at)
        guard at > 0, at < lineEnd, bytes[at] == ASCII.space else { return note("Malformed Request-Line") }
        let uri = at + 1
        at = uri
        while at < lineEnd, bytes[at] > ASCII.space { at += 1 }
        index.textStart = UInt32(uri)
        index.textEnd = UInt32(at)
        guard at > uri, at + 5 < lineEnd, bytes[at] == ASCII.space, Self.isSIP(bytes, at: at + 1) else {
            return note("Malformed Request-Line")
        }
        scanVersion(at + 1, lineEnd)
    }

    /// SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT, without regard to case (RFC 3261 §25.1).
    private mutating func scanVersion(_ start: Int, _ end: Int) {
        if end - start == 7, bytes[start + 4] == UInt8(ascii: "2"), bytes[start + 5] == UInt8(ascii: "."),
            bytes[start + 6] == UInt8(ascii: "0")
        {
            return
        }
        index.version = .other
        var at = start + 4
        let major = at
        while at < end, ASCII.isDigit(bytes[at]) { at += 1 }
        guard at > major, at < end, bytes[at] == UInt8(ascii: ".") else { return noteStartLine() }
        at += 1
        let minor = at
        while at < end, ASCII.isDigit(bytes[at]) { at += 1 }
        if at == minor || at != end { noteStartLine() }
    }

    private mutating func noteStartLine() {
        note(index.isRequest ? "Malformed Request-Line" : "Malformed Status-Line")
    }

    // MARK: Header fields

    /// header-name HCOLON header-value CRLF, and every line after it that begins with white space (RFC 3261 §7.3.1).
    /// - Returns: false when the field has no end or the head is larger than it may be.
    private mutating func scanField() -> Bool {
        let start = position
        var at = start
        while at < bytes.count, ASCII.isToken(bytes[at]) { at += 1 }
        let nameEnd = at
        while at < bytes.count, bytes[at] == ASCII.space || bytes[at] == ASCII.tab { at += 1 }
        let isField = at < bytes.count && bytes[at] == UInt8(ascii: ":") && nameEnd > start
        if isField { at += 1 }
        guard var lineEnd = endOfLine(from: at) else {
            note("Malformed header field line")
            return false
        }
        while lineEnd + 2 < bytes.count, bytes[lineEnd + 2] == ASCII.space || bytes[lineEnd + 2] == ASCII.tab {
            guard let next = endOfLine(from: lineEnd + 2), next - start <= MessageLimits.line else {
                note("Malformed header field line")
                return false
            }
            lineEnd = next
        }
        position = lineEnd + 2
        guard position <= MessageLimits.head, lineEnd - start <= MessageLimits.line else {
            note("Header fields too large")
            return false
        }
        guard isField else {
            note("Malformed header field line")
            return true
        }
        guard index.fields.count < MessageLimits.headerFields else {
            note("Too many header fields")
            return false
        }
        addField(start, nameEnd, at, lineEnd)
        return true
    }

    @inline(__always)
    private mutating func addField(_ start: Int, _ nameEnd: Int, _ afterColon: Int, _ lineEnd: Int) {
        var valueStart = afterColon
        while valueStart < lineEnd, ASCII.isWhitespace(bytes[valueStart]) { valueStart += 1 }
        var valueEnd = lineEnd
        while valueEnd > valueStart, ASCII.isWhitespace(bytes[valueEnd - 1]) { valueEnd -= 1 }
        let header = HeaderNameTable.shared.find(bytes, from: start, count: nameEnd - start)
        if header == .contentLength, index.contentLength == nil {
            index.contentLength = ContentLength.number(bytes[valueStart..<valueEnd])
        }
        index.fields.append(
            MessageIndex.Field(
                nameStart: UInt32(start), valueStart: UInt32(valueStart), valueEnd: UInt32(valueEnd),
                nameLength: UInt16(nameEnd - start), header: header))
    }
}
