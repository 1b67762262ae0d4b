import Primitives
import SIPMessages

/// What a ``TransactionLayer`` needs to know of where it runs.
package struct TransactionConfiguration: Sendable {
    /// The sockets that responses to our requests can reach.
    package var listeners: [SIPListener]
    /// This node's own name in Vias of the overlay; nil for a user agent that has none.
    package var overlayHost: String?
    package var timers: TransactionTimers
    /// The most server transactions remembered; past it new requests get a 503. At about 2 KB each, and 32 s that a
    /// finished one lingers over UDP, the default carries 4,000 requests a second in 256 MB.
    package var maximumServerTransactions: Int
    /// The most client transactions; past it sending fails at once.
    package var maximumClientTransactions: Int

    package init(
        listeners: [SIPListener], overlayHost: String? = nil, timers: TransactionTimers = TransactionTimers(),
        maximumServerTransactions: Int = 131_072, maximumClientTransactions: Int = 131_072
    ) {
        self.listeners = listeners
        self.overlayHost = overlayHost
        self.timers = timers
        self.maximumServerTransactions = maximumServerTransactions
        self.maximumClientTransactions = maximumClientTransactions
    }
}
