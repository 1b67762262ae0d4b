import XMLTree

/// Why a body is not a presence document.
package enum PresenceDocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    case notXML(XMLError)
    /// Well-formed, but not what RFC 3863 calls a presence document.
    case notPIDF(String)

    package var description: String {
        switch self {
        case .notXML(let error): error.description
        case .notPIDF(let reason): "not a presence document: \(reason)"
        }
    }
}
