extension DocumentMarkup {
    /// The document with an element put in, and where it now begins.
    ///
    /// - Parameter parent: the element that the insertion point belongs to.
    func inserting(
        _ element: [UInt8], at point: NodeSelector.InsertionPoint, in parent: ElementMarkup
    ) -> (bytes: [UInt8], start: Int) {
        switch (point, parent.content) {
        case (.offset(let offset), _): return (replacing(offset..<offset, with: element), offset)
        case (.end, let content?):
            return (replacing(content.upperBound..<content.upperBound, with: element), content.upperBound)
        case (.end, nil):
            // `<a/>` becomes `<a>…</a>`.
            let slash = parent.range.upperBound - 2
            let endTag = Array("</".utf8) + bytes[parent.qualifiedName] + Array(">".utf8)
            let bytes = replacing(slash..<parent.range.upperBound, with: Array(">".utf8) + element + endTag)
            return (bytes, slash + 1)
        }
    }
}
