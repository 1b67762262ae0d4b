/// Puts a changed message together and keeps its index in step, so that it need not be scanned again.
struct EditedBytes {
    /// What is kept comes from here; a message without header fields when everything is new.
    private let original: SIPMessage
    private var bytes: [UInt8] = []
    private var index: MessageIndex
    /// The part of the original that is to be copied next; header fields that follow each other are one run.
    private var run: Range<Int>

    /// - Parameter startLine: a new one with its line end, and the index that says where its parts are.
    init(_ original: SIPMessage, startLine: [UInt8]?, index newIndex: MessageIndex?) {
        self.original = original
        bytes.reserveCapacity(original.bytes.count + 256)
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
    init(building startLine: String) {
        let line = MessageEdit.fieldValue(startLine) + [ASCII.carriageReturn, ASCII.lineFeed]
        let index = line.withUnsafeBytes { buffer in
            var scanner = MessageScanner(buffer)
            _ = scanner.scan()
            return scanner.index
        }
        self.init(SIPMessage(bytes: line, index: index), startLine: nil, index: nil)
    }

    /// Where the next byte will stand once the pending run is copied.
    private var position: Int { bytes.count + run.count }

    private mutating func flush() {
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
        bytes += "\r\n".utf8
        add(moved, movedBy: 0)
    }

    /// Adds a new header field.
    mutating func write(_ name: HeaderName, _ value: [UInt8]) {
        flush()
        let start = bytes.count
        // A name given by the program may be any text; what is no token character would end the name.
        bytes += name.description.utf8.lazy.filter(ASCII.isToken).prefix(Int(UInt8.max))
        let nameLength = bytes.count - start
        bytes += ": ".utf8
        let valueStart = bytes.count
        bytes += value
        let field = MessageIndex.Field(
            nameStart: UInt32(start), valueStart: UInt32(valueStart), valueEnd: UInt32(bytes.count),
            nameLength: UInt16(nameLength), header: name.known)
        bytes += "\r\n".utf8
        if name.known == .contentLength, index.contentLength == nil {
            index.contentLength = ContentLength.number(value)
        }
        index.fields.append(field)
    }

    /// Adds the empty line and the body, that of the original unless another is given.
    mutating func finish(body: [UInt8]?) -> SIPMessage {
        flush()
        index.fieldsEnd = UInt32(bytes.count)
        bytes += "\r\n".utf8
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
