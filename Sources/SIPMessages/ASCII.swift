/// The classes of characters that RFC 3261 §25.1 names.
enum ASCII {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20

    /// `byte` in lower case when it is one of A–Z.
    @inline(__always) static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// SP or HTAB, and the CR and LF of a fold: inside a header field's value a line end is always followed by white
    /// space, since the scanner ended the value otherwise.
    @inline(__always) static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == space || byte == tab || byte == carriageReturn || byte == lineFeed
    }

    /// token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~")
    @inline(__always) static func isToken(_ byte: UInt8) -> Bool {
        byte < 64
            ? (0x03FF_6CA2_0000_0000 as UInt64) >> UInt64(byte) & 1 != 0
            : byte < 128 && (0x47FF_FFFF_87FF_FFFE as UInt64) >> UInt64(byte & 63) & 1 != 0
    }

    /// The value of a hexadecimal digit; nil for any other byte.
    @inline(__always) static func hexadecimal(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }

    /// Whether two texts are the same without regard to the case of A–Z.
    static func equalIgnoringCase(_ a: some StringProtocol, _ b: some StringProtocol) -> Bool {
        a.utf8.elementsEqual(b.utf8) { lowercased($0) == lowercased($1) }
    }
}
