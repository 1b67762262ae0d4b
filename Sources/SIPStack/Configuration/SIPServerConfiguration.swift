import Primitives
import SIPMessages

/// What a ``SIPServer`` is told when it is made.
package struct SIPServerConfiguration: Sendable {
    /// The domains whose users this node serves.
    package var domains: [String]
    /// This node's ID in the overlay: its name in Via, Route and Record-Route between nodes.
    package var nodeID: NodeID
    package var listeners: [SIPListener]
    /// Sources that are asked for no credentials: their From is believed.
    package var trusted: [AddressPrefix]
    /// Where requests are taken from at all; nil for everywhere. A plain node takes them from loopback only. The overlay
    /// and responses are not concerned.
    package var allowedSources: [AddressPrefix]?
    /// Which domains outside the overlay are reached through the DNS; none by default.
    package var border = Border()
    /// The realm of digest authentication for requests that concern none of the domains; each domain is its own.
    package var realm: String
    package var registrar: RegistrarConfiguration
    /// The event packages whose SUBSCRIBE for a user of ours is handed up; others are forwarded to the user's phones.
    package var eventPackages: Set<String>
    /// The option tags (RFC 3261 §19.2) that whoever takes those requests understands.
    package var eventExtensions: [String]
    /// The option tags that make a MESSAGE to no user, but to a domain served here, one for the user of this core.
    package var messageExtensions: [String] = []
    /// 32 secret bytes under which nonces and Record-Route tokens are sealed. Kept from one run to the next, dialogs
    /// and nonces survive a restart; nil draws new ones.
    package var secret: [UInt8]?
    /// Where calls for help (`urn:service:sos`, RFC 5031) go: the answering point, or who stands for it; nil for nowhere.
    package var emergency: SIPURI?
    /// What one address may send; nil for as much as it likes.
    package var sourceLimits: SourceLimits?
    package var timers: TransactionTimers
    package var maximumTransactions: Int

    package init(
        domains: [String], nodeID: NodeID, listeners: [SIPListener], trusted: [AddressPrefix] = [],
        allowedSources: [AddressPrefix]? = nil, realm: String? = nil, registrar: RegistrarConfiguration? = nil,
        eventPackages: Set<String> = [], eventExtensions: [String] = [], secret: [UInt8]? = nil,
        timers: TransactionTimers = TransactionTimers(), maximumTransactions: Int = 131_072
    ) {
        self.domains = domains.map { $0.lowercased() }
        self.nodeID = nodeID
        self.listeners = listeners
        self.trusted = trusted
        self.allowedSources = allowedSources
        self.realm = realm ?? domains.first ?? "sip"
        self.registrar = registrar ?? RegistrarConfiguration(domains: domains)
        self.eventPackages = eventPackages
        self.eventExtensions = eventExtensions
        self.secret = secret
        self.timers = timers
        self.maximumTransactions = maximumTransactions
    }
}
