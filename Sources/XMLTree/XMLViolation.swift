/// Where and how a document departs from its schema, or a schema from RELAX NG.
package struct XMLViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1; 0 when it is not known.
    package var line: Int
    /// What libxml2 says of it, for a person.
    package var reason: String

    package init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { line > 0 ? "line \(line): \(reason)" : reason }
}
