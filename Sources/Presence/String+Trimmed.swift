extension String {
    /// Without the white space of XML (XML 1.0 §2.3) at both ends.
    var trimmed: String {
        let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 10 || byte == 13 }
        var view = utf8[...]
        while let first = view.first, isSpace(first) { view.removeFirst() }
        while let last = view.last, isSpace(last) { view.removeLast() }
        return String(decoding: view, as: UTF8.self)
    }
}
