/// One value of a header field as it stands in the message, without the white space around it.
package struct HeaderText: Hashable, Sendable, CustomStringConvertible {
    /// A view of the message's own bytes; line folds are still in it.
    package let bytes: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    package init(_ text: some StringProtocol) { bytes = Array(text.utf8)[...] }

    /// The value as text: each fold with the white space around it is one space (RFC 3261 §7.3.1); bytes that are not
    /// UTF-8 are replaced.
    package var string: String {
        guard bytes.contains(ASCII.lineFeed) else { return String(decoding: bytes, as: UTF8.self) }
        var flat: [UInt8] = []
        flat.reserveCapacity(bytes.count)
        var cursor = HeaderCursor(bytes)
        while let byte = cursor.peek {
            if byte == ASCII.carriageReturn || byte == ASCII.lineFeed {
                while let last = flat.last, ASCII.isWhitespace(last) { flat.removeLast() }
                cursor.skipWhitespace()
                flat.append(ASCII.space)
            } else {
                flat.append(byte)
                cursor.position += 1
            }
        }
        return String(decoding: flat, as: UTF8.self)
    }

    package var description: String { string }
}
