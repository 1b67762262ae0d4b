/// Reading bodies of several parts (RFC 2046 §5.1.1).
extension MultipartBody {
    /// The parts of a body between lines of its boundary. What stands before the first and behind the last is ignored.
    /// - Parameter boundary: as Content-Type names it, without quotes.
    /// - Throws: when the boundary is none, the last line of it is missing, or there are more parts or header fields than
    ///   are accepted.
    package init(parsing body: ArraySlice<UInt8>, boundary: String) throws(SIPParseError) {
        guard (1...Self.maximumBoundary).contains(boundary.utf8.count) else { throw SIPParseError("No boundary") }
        let delimiter = Array("--\(boundary)".utf8)
        parts = []
        var start: Int?
        var position = body.startIndex
        while position < body.endIndex {
            let lineEnd = body[position...].firstIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? body.endIndex
            let line = body[position..<lineEnd]
            if let kind = Self.delimiterLine(line, delimiter) {
                if let start {
                    guard parts.count < Self.maximumParts else { throw SIPParseError("Too many parts") }
                    parts.append(try Part(parsing: Self.withoutLineEnd(body[start..<position])))
                }
                if kind == .last { return }
                start = lineEnd
            }
            position = lineEnd
        }
        throw SIPParseError("The last boundary is missing")
    }

    private enum Delimiter { case next, last }

    /// Which line of the boundary it is, if one: nothing but white space may follow.
    private static func delimiterLine(_ line: ArraySlice<UInt8>, _ delimiter: [UInt8]) -> Delimiter? {
        guard line.starts(with: delimiter) else { return nil }
        var rest = line.dropFirst(delimiter.count)
        let isLast = rest.starts(with: "--".utf8)
        if isLast { rest = rest.dropFirst(2) }
        let isBlank = rest.allSatisfy {
            ASCII.isWhitespace($0) || $0 == ASCII.carriageReturn || $0 == ASCII.lineFeed
        }
        return isBlank ? isLast ? .last : .next : nil
    }

    /// RFC 2046 §5.1.1: the line end in front of a boundary belongs to the boundary.
    private static func withoutLineEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        if bytes.last == ASCII.lineFeed { bytes = bytes.dropLast() }
        if bytes.last == ASCII.carriageReturn { bytes = bytes.dropLast() }
        return bytes
    }
}

extension MultipartBody.Part {
    /// Header fields up to an empty line, then the content. RFC 2046 §5.1: a part may have no header fields at all.
    fileprivate init(parsing bytes: ArraySlice<UInt8>) throws(SIPParseError) {
        self.init(headers: [], content: [])
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let lineEnd = bytes[position...].firstIndex(of: ASCII.lineFeed) ?? bytes.endIndex
            var line = bytes[position..<lineEnd]
            if line.last == ASCII.carriageReturn { line = line.dropLast() }
            position = lineEnd < bytes.endIndex ? lineEnd + 1 : lineEnd
            if line.isEmpty { break }
            try take(line)
        }
        content = Array(bytes[position...])
    }

    /// One line of the header: a field, or more of the one before (RFC 822 §3.1.1).
    private mutating func take(_ line: ArraySlice<UInt8>) throws(SIPParseError) {
        if let first = line.first, ASCII.isWhitespace(first), !headers.isEmpty {
            headers[headers.count - 1].value += " " + Self.text(line)
            return
        }
        guard headers.count < MultipartBody.maximumHeaders else { throw SIPParseError("Too many header fields") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
            throw SIPParseError("A part's header field without a name")
        }
        headers.append((Self.text(line[..<colon]), Self.text(line[(colon + 1)...])))
    }

    /// Without the white space at both ends.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while let first = bytes.first, ASCII.isWhitespace(first) { bytes.removeFirst() }
        while let last = bytes.last, ASCII.isWhitespace(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
