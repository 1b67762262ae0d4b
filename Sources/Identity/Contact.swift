import Primitives

/// Where a node of the overlay is and who it is: what sessions are opened with and routing tables are made of.
package struct Contact: Hashable, Sendable, CustomStringConvertible {
    /// The key with which the node proves itself in sessions.
    package let key: PublicSigningKey
    /// Where datagrams reach it.
    package var endpoint: Endpoint
    /// The hash of `key`, computed once.
    package let nodeID: NodeID

    /// A contact whose ID is derived from its key, so that nobody can claim an ID without owning the key for it.
    package init(key: PublicSigningKey, endpoint: Endpoint) {
        self.key = key
        self.endpoint = endpoint
        nodeID = key.nodeID
    }

    /// A contact whose ID is known already.
    ///
    /// - Parameter nodeID: must be `key.nodeID`; whoever received it from outside uses the other initialiser.
    package init(key: PublicSigningKey, endpoint: Endpoint, nodeID: NodeID) {
        self.key = key
        self.endpoint = endpoint
        self.nodeID = nodeID
    }

    package var description: String { "\(nodeID) at \(endpoint)" }

    /// 50 bytes: the key, then the endpoint (docs/protocol.md §4.2). The ID is not sent, it follows from the key.
    package func write(to writer: inout ByteWriter) {
        writer.append(key.bytes)
        endpoint.write(to: &writer)
    }

    /// Reads what ``write(to:)`` wrote.
    package init(from reader: inout ByteReader) throws(MalformedBytes) {
        let key = PublicSigningKey(try reader.take(32))!
        self.init(key: key, endpoint: try Endpoint(from: &reader))
    }
}
