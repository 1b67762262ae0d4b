import Primitives

/// Packages are chosen while the agent runs, so it keeps states without their types: a resource's are all of its own
/// package.
extension EventStatePackage {
    static func anyState(of document: [UInt8]) throws(EventStateError) -> any Sendable { try state(of: document) }

    static func anyState(composedElsewhere document: [UInt8]) throws(EventStateError) -> any Sendable {
        try state(composedElsewhere: document)
    }

    static func document(of resource: AddressOfRecord, from states: [any Sendable]) -> [UInt8] {
        document(of: resource, from: states.compactMap { $0 as? State })
    }
}
