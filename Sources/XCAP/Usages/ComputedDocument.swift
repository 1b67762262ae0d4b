import Primitives

/// A document that nobody writes: it follows from others.
package enum ComputedDocument: Hashable, Sendable {
    /// What the server can do. The server makes it by itself.
    case capabilities
    /// All documents of a user; the caller lists them: see ``XCAPDirectoryUsage/document(entries:root:)``.
    case directory(of: AddressOfRecord)
    /// All services of all users that the caller knows of: see ``RLSServicesUsage/index(of:)``.
    case servicesIndex
}
