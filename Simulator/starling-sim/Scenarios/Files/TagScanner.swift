/// Finds the tags of a plain XML file, each with the text that follows it.
///
/// It knows what files of coordinates have and no more: no entities, no CDATA, no declarations of types.
struct TagScanner {
    struct Tag {
        /// Without attributes: `node`, `/node`.
        var name: Substring
        /// What follows up to the next tag, without spaces around it.
        var text: Substring
        /// Whether the next tag is the end of this one.
        var isFollowedByEnd: Bool
        /// From 1.
        var line: Int
    }

    private let bytes: [UInt8]
    private var offset = 0
    /// Where the scanner is, from 1.
    private(set) var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next tag; comments and processing instructions are passed over.
    mutating func next() -> Tag? {
        while let open = advance(to: UInt8(ascii: "<")) {
            let start = line
            if isAt("!--", open + 1) {
                offset = open + 4
                while let close = advance(to: UInt8(ascii: ">")) {
                    if close >= open + 6, isAt("--", close - 2) { break }
                }
                continue
            }
            let close = advance(to: UInt8(ascii: ">")) ?? bytes.count
            let inside = bytes[(open + 1)..<close]
            if inside.first == UInt8(ascii: "?") { continue }
            let name = Self.text(inside.prefix { !Self.isSpace($0) })
            let textStart = min(close + 1, bytes.count)
            let textEnd = bytes[textStart...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
            return Tag(
                name: name, text: Self.trimmed(bytes[textStart..<textEnd]),
                isFollowedByEnd: isAt("/\(name)>", textEnd + 1), line: start)
        }
        return nil
    }

    /// Moves on to the next such byte, and counts lines on the way.
    private mutating func advance(to byte: UInt8) -> Int? {
        while offset < bytes.count {
            if bytes[offset] == byte { return advanceByOne() }
            _ = advanceByOne()
        }
        return nil
    }

    private mutating func advanceByOne() -> Int {
        if bytes[offset] == UInt8(ascii: "\n") { line += 1 }
        offset += 1
        return offset - 1
    }

    private func isAt(_ text: String, _ start: Int) -> Bool {
        start <= bytes.count && bytes[start...].starts(with: text.utf8)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
            || byte == UInt8(ascii: "\r")
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> Substring {
        let start = bytes.drop(while: isSpace)
        return text(start[..<(start.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start.startIndex)])
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> Substring {
        Substring(String(decoding: bytes, as: UTF8.self))
    }
}
