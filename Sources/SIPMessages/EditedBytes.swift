/// Puts a changed message together and keeps its index in step, so that it need not be scanned again.
struct EditedBytes {
    /// What is kept comes from here; a message without header fields when everything is new.
    private let original: SIPMessage
    private var bytes: [UInt8] = []
    private var index: MessageIndex
    /// The part of the original that is to be copied next; header fields that follow each other are one run.
    private var run: Range<Int>

    /// - Parameters:
    ///   - startLine: a new one with its line end, and the index that says where its parts are.
    ///   - growth: how many bytes longer the result will be, by a guess.
    init(_ original: SIPMessage, startLine: [UInt8]?, index newIndex: MessageIndex?, growth: Int = 256) {
        self.original = original
        bytes.reserveCapacity(original.bytes.count + growth)
        index = newIndex ?? original.index
        index.fields = []
        index.fields.reserveCapacity(original.index.fields.count + 4)
        index.contentLength = nil
        if let startLine {
            bytes += startLine
            run = 0..<0
        } else {
            run = 0..<Int(original.index.fieldsStart)
        }
        index.fieldsStart = UInt32(startLine?.count ?? run.count)
    }

    /// A new message.
    ///
    /// - Parameter size: how many bytes follow the start line, by a guess.
    init(building startLine: String, size: Int) {
        let line = MessageEdit.fieldValue(startLine) + [ASCII.carriageReturn, ASCII.lineFeed]
        let index = line.withUnsafeBytes { buffer in
            var scanner = MessageScanner(buffer)
            _ = scanner.scan()
            return scanner.index
        }
        self.init(SIPMessage(bytes: line, index: index), startLine: nil, index: nil, growth: size)
    }

    /// Where the next byte will stand once the pending run is copied.
    private var position: Int { bytes.count + run.count }

    private mutating func flush() {
        guard !run.isEmpty else { return }
        bytes += original.bytes[run]
        run = 0..<0
    }

    /// Adds a header field of the original as it is.
    mutating func keep(_ number: Int) {
        let fields = original.index.fields
        let start = Int(fields[number].nameStart)
        // What follows a field is the next one, or the empty line, unless a line that could not be read stands between.
        let end = lineEnd(fields[number])
        if run.upperBound != start || run.isEmpty {
            flush()
            run = start..<start
        }
        add(fields[number], movedBy: position - start)
        run = run.lowerBound..<end
    }

    /// Adds a header field of the original from a later value on.
    mutating func keep(_ number: Int, valueStart: Int) {
        flush()
        let field = original.index.fields[number]
        let start = bytes.count
        bytes += original.nameBytes(field)
        bytes += ": ".utf8
        var moved = field
        moved.nameStart = UInt32(start)
        moved.valueStart = UInt32(bytes.count)
        bytes += original.bytes[valueStart..<Int(field.valueEnd)]
        moved.valueEnd = UInt32(bytes.count)
        endLine()
        add(moved, movedBy: 0)
    }

    /// Adds a new header field.
    mutating func write(_ name: HeaderName, _ value: some Collection<UInt8>) {
        let (start, nameLength) = begin(name)
        let valueStart = bytes.count
        bytes += value
        end(name, start, nameLength, valueStart: valueStart)
    }

    /// Adds a new header field whose value is a text: without line ends in it or white space around it.
    mutating func write(_ name: HeaderName, text: String) {
        let (start, nameLength) = begin(name)
        let valueStart = bytes.count
        bytes += text.utf8
        var first = bytes.count
        for position in valueStart..<bytes.count {
            let byte = bytes[position]
            if byte == ASCII.carriageReturn || byte == ASCII.lineFeed { bytes[position] = ASCII.space }
            if first == bytes.count, !ASCII.isWhitespace(byte) { first = position }
        }
        bytes.removeSubrange(valueStart..<first)
        while bytes.count > valueStart, ASCII.isWhitespace(bytes[bytes.count - 1]) { bytes.removeLast() }
        end(name, start, nameLength, valueStart: valueStart)
    }

    /// Writes the name of a field and what parts it from the value.
    private mutating func begin(_ name: HeaderName) -> (start: Int, nameLength: Int) {
        flush()
        let start = bytes.count
        if name.known == .other {
            // A name given by the program may be any text; what is no token character would end the name.
            bytes += name.description.utf8.lazy.filter(ASCII.isToken).prefix(Int(UInt8.max))
        } else {
            bytes += KnownHeader.names[Int(name.known.rawValue)]
        }
        let nameLength = bytes.count - start
        bytes.append(UInt8(ascii: ":"))
        bytes.append(ASCII.space)
        return (start, nameLength)
    }

    /// Ends a field and notes where it stands.
    private mutating func end(_ name: HeaderName, _ start: Int, _ nameLength: Int, valueStart: Int) {
        let field = MessageIndex.Field(
            nameStart: UInt32(start), valueStart: UInt32(valueStart), valueEnd: UInt32(bytes.count),
            nameLength: UInt16(nameLength), header: name.known)
        if name.known == .contentLength, index.contentLength == nil {
            index.contentLength = ContentLength.number(bytes[valueStart...])
        }
        endLine()
        index.fields.append(field)
    }

    private mutating func endLine() {
        bytes.append(ASCII.carriageReturn)
        bytes.append(ASCII.lineFeed)
    }

    /// Adds the empty line and the body, that of the original unless another is given.
    mutating func finish(body: [UInt8]?) -> SIPMessage {
        flush()
        index.fieldsEnd = UInt32(bytes.count)
        endLine()
        index.bodyStart = UInt32(bytes.count)
        if let body { bytes += body } else { bytes += original.body }
        return SIPMessage(bytes: bytes, index: index)
    }

    private mutating func add(_ field: MessageIndex.Field, movedBy distance: Int) {
        var moved = field
        moved.nameStart = UInt32(Int(field.nameStart) + distance)
        moved.valueStart = UInt32(Int(field.valueStart) + distance)
        moved.valueEnd = UInt32(Int(field.valueEnd) + distance)
        if field.header == .contentLength, index.contentLength == nil {
            index.contentLength = ContentLength.number(original.valueBytes(field))
        }
        index.fields.append(moved)
    }

    /// Behind the line end of a field: past the white space that may follow its value.
    private func lineEnd(_ field: MessageIndex.Field) -> Int {
        var at = Int(field.valueEnd)
        let bytes = original.bytes
        while at + 2 < bytes.count {
            if bytes[at] == ASCII.carriageReturn, bytes[at + 2] != ASCII.space, bytes[at + 2] != ASCII.tab { break }
            at += 1
        }
        return min(at + 2, bytes.count)
    }
}
