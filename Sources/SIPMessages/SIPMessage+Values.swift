extension SIPMessage {
    /// Whether a field has the name asked for.
    func isNamed(_ field: MessageIndex.Field, _ name: HeaderName) -> Bool {
        guard field.header == name.known else { return false }
        return name.known != .other || name.matches(nameBytes(field))
    }

    func nameBytes(_ field: MessageIndex.Field) -> ArraySlice<UInt8> {
        bytes[Int(field.nameStart)..<Int(field.nameStart) + Int(field.nameLength)]
    }

    func valueBytes(_ field: MessageIndex.Field) -> ArraySlice<UInt8> {
        bytes[Int(field.valueStart)..<Int(field.valueEnd)]
    }

    /// How many header fields have this name; a field that lists several values counts once.
    package func count(_ name: HeaderName) -> Int {
        index.fields.reduce(0) { isNamed($1, name) ? $0 + 1 : $0 }
    }

    package func contains(_ name: HeaderName) -> Bool { index.fields.contains { isNamed($0, name) } }

    /// The first header field of this name as it is written, whole; nil when there is none.
    package func value(_ name: HeaderName) -> HeaderText? {
        guard let field = index.fields.first(where: { isNamed($0, name) }) else { return nil }
        return HeaderText(valueBytes(field))
    }

    /// The first value of the first field of this name: of a list, what stands before the first comma.
    package func firstValue(_ name: HeaderName) -> HeaderText? {
        guard let whole = value(name), name.isList else { return value(name) }
        var cursor = HeaderCursor(whole)
        cursor.skipListValue()
        return HeaderText(whole.bytes[..<cursor.position].trimmed)
    }

    /// All values of all fields of this name in their order. Where the name is that of a list, comma-parted values are
    /// taken apart (RFC 3261 §7.3.1); a field with nothing in it has no value. At most `MessageLimits.listValues`.
    package func values(_ name: HeaderName) -> [HeaderText] {
        var found: [HeaderText] = []
        for field in index.fields where isNamed(field, name) {
            let whole = valueBytes(field)
            guard name.isList else {
                found.append(HeaderText(whole))
                continue
            }
            guard !whole.isEmpty else { continue }
            var cursor = HeaderCursor(whole)
            while found.count < MessageLimits.listValues {
                let start = cursor.position
                cursor.skipListValue()
                found.append(HeaderText(whole[start..<cursor.position].trimmed))
                guard cursor.take(UInt8(ascii: ",")) else { break }
            }
        }
        return found
    }

    /// One header field as it is written.
    package struct HeaderField: Hashable, Sendable {
        package let name: HeaderName
        package let value: HeaderText
    }

    /// All header fields in their order.
    package var headerFields: [HeaderField] {
        index.fields.map { field in
            let name =
                field.header == .other
                ? HeaderName(String(decoding: nameBytes(field), as: UTF8.self)) : HeaderName(field.header)
            return HeaderField(name: name, value: HeaderText(valueBytes(field)))
        }
    }
}
