extension XMLNode {
    var isText: Bool { if case .text = self { true } else { false } }

    /// White space and nothing else.
    var isWhiteSpace: Bool {
        guard case .text(let text) = self else { return false }
        return text.utf8.allSatisfy { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
    }

    /// What can stand between elements of a format that has no text there.
    var isIgnorable: Bool {
        switch self {
        case .comment, .instruction: true
        case .text: isWhiteSpace
        case .element: false
        }
    }
}
