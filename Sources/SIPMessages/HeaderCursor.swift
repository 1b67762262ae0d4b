/// Reads one header field's value from left to right by the rules of RFC 3261 §25.1.
struct HeaderCursor {
    let bytes: ArraySlice<UInt8>
    var position: Int
    let end: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
        end = bytes.endIndex
    }

    init(_ text: HeaderText) { self.init(text.bytes) }

    var isAtEnd: Bool { position >= end }
    var peek: UInt8? { position < end ? bytes[position] : nil }

    mutating func skipWhitespace() {
        while position < end, ASCII.isWhitespace(bytes[position]) { position += 1 }
    }

    /// Steps over `byte` if it is next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Steps over `byte` with white space on both sides, as the grammar's SEMI, EQUAL, SLASH and COMMA allow.
    mutating func takeSeparator(_ byte: UInt8) -> Bool {
        let start = position
        skipWhitespace()
        guard take(byte) else {
            position = start
            return false
        }
        skipWhitespace()
        return true
    }

    /// The longest run of bytes for which `isMember` holds; nil when there is none.
    mutating func run(while isMember: (UInt8) -> Bool) -> ArraySlice<UInt8>? {
        let start = position
        while position < end, isMember(bytes[position]) { position += 1 }
        return position > start ? bytes[start..<position] : nil
    }

    /// token (RFC 3261 §25.1)
    mutating func token() -> String? {
        run(while: ASCII.isToken).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A quoted string with its quotes, not yet unescaped; nil when none begins here or it has no end.
    mutating func quotedString() -> ArraySlice<UInt8>? {
        let start = position
        guard take(UInt8(ascii: "\"")) else { return nil }
        while position < end {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return bytes[start..<position] }
            // quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F): whatever follows stands for itself.
            if byte == UInt8(ascii: "\\") { position += 1 }
        }
        position = start
        return nil
    }

    /// A decimal number of at most `maximum`; nil when no digit is next. A larger one is an overflow, which throws
    /// nothing but is nil as well.
    mutating func number(upTo maximum: UInt64) -> UInt64? {
        guard let digits = run(while: ASCII.isDigit) else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            value = value &* 10 &+ UInt64(digit &- 0x30)
            if value > maximum { return nil }
        }
        return value
    }

    /// Steps over a comment that begins here, with those nested in it (RFC 3261 §25.1); to the end when it has none.
    mutating func skipComment() {
        var depth = 0
        while position < end {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\\"): position = min(position + 1, end)
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            default: break
            }
            if depth == 0 { return }
        }
    }

    /// Steps over everything up to the next comma that parts two values: one outside quoted strings, angle brackets and
    /// comments (RFC 3261 §7.3.1). A "(" begins a comment only at the front or after white space, for it is a plain
    /// character of a URI's user part.
    mutating func skipListValue() {
        var isInBrackets = false
        var isAfterSpace = true
        while position < end {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "(") where isAfterSpace && !isInBrackets:
                skipComment()
                position -= 1
            case UInt8(ascii: "\"") where !isInBrackets:
                if quotedString() == nil {
                    position = end
                    return
                }
                position -= 1
            case UInt8(ascii: "<"):
                isInBrackets = true
            case UInt8(ascii: ">"):
                isInBrackets = false
            case UInt8(ascii: ",") where !isInBrackets:
                return
            default:
                break
            }
            isAfterSpace = ASCII.isWhitespace(byte)
            position += 1
        }
    }

    /// The next value of a list, without white space around it, and the cursor behind its comma; nil at the end.
    /// Nothing between two commas is no value: recipients have long had to be lenient about that (RFC 9110 §5.6.1.2 says
    /// so of the same rule).
    mutating func nextListValue() -> ArraySlice<UInt8>? {
        while !isAtEnd {
            let start = position
            skipListValue()
            let value = bytes[start..<position].trimmed
            _ = take(UInt8(ascii: ","))
            if !value.isEmpty { return value }
        }
        return nil
    }
}

extension ArraySlice<UInt8> {
    /// The slice without white space and folds at both ends.
    var trimmed: ArraySlice<UInt8> {
        var start = startIndex
        var stop = endIndex
        while start < stop, ASCII.isWhitespace(self[start]) { start += 1 }
        while stop > start, ASCII.isWhitespace(self[stop - 1]) { stop -= 1 }
        return self[start..<stop]
    }
}
