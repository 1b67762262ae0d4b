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

    /// The first value of this name: of a list, what stands before the first comma that parts two values.
    package func firstValue(_ name: HeaderName) -> HeaderText? {
        guard name.isList else { return value(name) }
        for field in index.fields where isNamed(field, name) {
            var cursor = HeaderCursor(valueBytes(field))
            if let value = cursor.nextListValue() { return HeaderText(value) }
        }
        return nil
    }

    /// All values of all fields of this name in their order. Where the name is that of a list, comma-parted values are
    /// taken apart (RFC 3261 §7.3.1); a field with nothing in it has no value. At most `MessageLimits.listValues`.
    package func values(_ name: HeaderName) -> [HeaderText] {
        var found: [HeaderText] = []
        let isList = name.isList
        for field in index.fields where isNamed(field, name) {
            guard isList else {
                found.append(HeaderText(valueBytes(field)))
                continue
            }
            var cursor = HeaderCursor(valueBytes(field))
            while found.count < MessageLimits.listValues, let value = cursor.nextListValue() {
                found.append(HeaderText(value))
            }
        }
        return found
    }

    /// All values of a list that somebody is going to rely on.
    /// - Throws: when there are more than `values` gives, so that none is overlooked.
    func allValues(_ name: HeaderName) throws(SIPParseError) -> [HeaderText] {
        let found = values(name)
        guard found.count < MessageLimits.listValues else { throw SIPParseError("Too many \(name) values") }
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
