/// Changes to a message that are made all at once: what is not changed is copied as it is, in runs as long as possible.
///
/// Each change sees those before it. Values are written as they are given, except that a CR or LF in one becomes a
/// space, so that no value can bring a header field of its own.
package struct MessageEdit {
    /// A header field of the result.
    private enum Line {
        /// One of the original, whole.
        case kept(Int)
        /// One of the original that begins with a later value of its list.
        case shortened(Int, valueStart: Int)
        case written(HeaderName, [UInt8])
    }

    private let original: SIPMessage
    private var lines: [Line]
    private var newStartLine: (text: [UInt8], index: MessageIndex)?
    private var newBody: [UInt8]?

    init(_ original: SIPMessage) {
        self.original = original
        lines = original.index.fields.indices.map { .kept($0) }
    }

    /// Replaces the Request-URI; a response has none and stays as it is.
    package mutating func setRequestURI(_ uri: SIPURI) {
        guard original.isRequest else { return }
        let start = Array(original.bytes[..<Int(original.index.methodEnd)]) + [ASCII.space]
        let text = Self.clean("\(uri)").filter { $0 != ASCII.space }
        var index = original.index
        index.textStart = UInt32(start.count)
        index.textEnd = UInt32(start.count + text.count)
        index.version = .two
        newStartLine = (start + text + Array(" SIP/2.0\r\n".utf8), index)
    }

    /// Replaces the body and states its length; empty removes it. The Content-Type is for the caller to set.
    package mutating func setBody(_ body: [UInt8]) {
        newBody = body
        set(.contentLength, "\(body.count)")
    }

    /// Adds a header field before all others of its name, or, without one, before all header fields.
    package mutating func prepend(_ name: HeaderName, _ value: some CustomStringConvertible) {
        lines.insert(written(name, value), at: lines.firstIndex { isNamed($0, name) } ?? 0)
    }

    /// Adds a header field behind all others of its name, or, without one, behind all header fields.
    package mutating func append(_ name: HeaderName, _ value: some CustomStringConvertible) {
        let position = lines.lastIndex { isNamed($0, name) }.map { $0 + 1 } ?? lines.count
        lines.insert(written(name, value), at: position)
    }

    /// Puts a value in the place of the first header field of this name and removes the others; adds it without one.
    package mutating func set(_ name: HeaderName, _ value: some CustomStringConvertible) {
        guard let first = lines.firstIndex(where: { isNamed($0, name) }) else {
            append(name, value)
            return
        }
        removeAll(name)
        lines.insert(written(name, value), at: first)
    }

    /// Puts a value in the place of the first value of this name, and leaves those behind it; adds it without one.
    package mutating func replaceFirst(_ name: HeaderName, _ value: some CustomStringConvertible) {
        guard let (position, _) = firstValue(name) else {
            append(name, value)
            return
        }
        removeFirstValue(name)
        lines.insert(written(name, value), at: position)
    }

    package mutating func removeAll(_ name: HeaderName) {
        lines = lines.filter { !isNamed($0, name) }
    }

    /// Removes the first value of this name: out of a list only that one, so that `Route: <a>, <b>` becomes
    /// `Route: <b>`. Does nothing without one.
    package mutating func removeFirstValue(_ name: HeaderName) {
        guard let (position, rest) = firstValue(name) else { return }
        if rest.isEmpty {
            lines.remove(at: position)
        } else if case .written = lines[position] {
            lines[position] = .written(name, Array(rest))
        } else if case .kept(let field) = lines[position] {
            lines[position] = .shortened(field, valueStart: rest.startIndex)
        } else if case .shortened(let field, _) = lines[position] {
            lines[position] = .shortened(field, valueStart: rest.startIndex)
        }
    }

    /// The line that the first value of this name stands in, and what follows that value there.
    private func firstValue(_ name: HeaderName) -> (position: Int, rest: ArraySlice<UInt8>)? {
        for (position, line) in lines.enumerated() where isNamed(line, name) {
            let value = valueBytes(line)
            guard name.isList else { return (position, value.suffix(0)) }
            var cursor = HeaderCursor(value)
            guard cursor.nextListValue() != nil else { continue }
            while let byte = cursor.peek, ASCII.isWhitespace(byte) || byte == UInt8(ascii: ",") { cursor.position += 1 }
            return (position, value[cursor.position...])
        }
        return nil
    }

    // MARK: What stands in a line

    private func written(_ name: HeaderName, _ value: some CustomStringConvertible) -> Line {
        .written(name, Self.fieldValue(value.description))
    }

    /// A text as the value of a header field: no line ends in it, no white space around it.
    static func fieldValue(_ text: String) -> [UInt8] { Array(clean(text)[...].trimmed) }

    private static func clean(_ text: String) -> [UInt8] {
        text.utf8.map { $0 == ASCII.carriageReturn || $0 == ASCII.lineFeed ? ASCII.space : $0 }
    }

    private func isNamed(_ line: Line, _ name: HeaderName) -> Bool {
        switch line {
        case .kept(let field), .shortened(let field, _): original.isNamed(original.index.fields[field], name)
        case .written(let own, _): own == name
        }
    }

    private func valueBytes(_ line: Line) -> ArraySlice<UInt8> {
        switch line {
        case .kept(let field): original.valueBytes(original.index.fields[field])
        case .shortened(let field, let start): original.bytes[start..<Int(original.index.fields[field].valueEnd)]
        case .written(_, let value): value[...]
        }
    }

    // MARK: The result

    /// The message with the changes, and the index that parsing it would give.
    func result() -> SIPMessage {
        var out = EditedBytes(original, startLine: newStartLine?.text, index: newStartLine?.index)
        for line in lines {
            switch line {
            case .kept(let field): out.keep(field)
            case .shortened(let field, let start): out.keep(field, valueStart: start)
            case .written(let name, let value): out.write(name, value)
            }
        }
        return out.finish(body: newBody)
    }
}

extension SIPMessage {
    /// A message with changes; the bytes that are not changed are copied as they are.
    package func editing(_ changes: (inout MessageEdit) -> Void) -> SIPMessage {
        var edit = MessageEdit(self)
        changes(&edit)
        return edit.result()
    }
}
