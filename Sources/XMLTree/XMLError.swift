/// Why bytes are not a document that is accepted.
package enum XMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not XML 1.0 with namespaces; the line and what libxml2 says of it.
    case notWellFormed(line: Int, String)
    /// There is a document type declaration. Everything that makes XML dangerous (entities, external subsets)
    /// needs one, and no document that SIP or XCAP carries does.
    case hasDocumentType
    /// Elements are nested more deeply than allowed.
    case tooDeep
    /// More bytes than allowed.
    case tooLarge
    case outOfMemory

    package var description: String {
        switch self {
        case .notWellFormed(let line, let reason): "not well-formed at line \(line): \(reason)"
        case .hasDocumentType: "a document type declaration is not accepted"
        case .tooDeep: "elements are nested too deeply"
        case .tooLarge: "the document is too large"
        case .outOfMemory: "memory ran out"
        }
    }
}
