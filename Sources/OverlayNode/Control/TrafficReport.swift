/// Requests of the overlay: what is a second's is a mean of the last half minute, the rest are since the start.
package struct TrafficReport: Codable, Hashable, Sendable {
    package var receivedPerSecond: Double
    package var sentPerSecond: Double
    package var received: UInt64
    package var sent: UInt64
    /// Requests, and datagrams of handshakes, that were dropped because their sender had sent too many.
    package var droppedByLimits: UInt64
}
