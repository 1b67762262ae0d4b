import Identity
import Presence
import Primitives
import SIPMessages
import SIPStack
import XCAP

/// What a node is told at its start. Nothing here changes while it runs.
package struct NodeConfiguration: Sendable {
    /// The overlay's name; overlays of different names never merge.
    package var network = "starling"
    /// Whether phones elsewhere may register here; a plain node serves its own machine alone.
    package var isGateway = false
    /// The domains whose users are served; none stands for all that this node belongs to. Each must have been created
    /// or accepted on this node.
    package var domains: [String] = []
    package var sipListeners: [SIPListener] = []
    /// Where the overlay's datagrams are received, as other nodes reach it.
    package var overlay: Endpoint
    /// Nodes through which to join; none for the first node of an overlay.
    package var bootstrap: [Endpoint] = []
    /// The addresses of this machine's interfaces: a softphone may send from any of them to a node on the same machine.
    package var ownAddresses: [AddressPrefix] = []
    /// Sources of SIP requests that need no credentials.
    package var trusted: [AddressPrefix] = []

    /// Which domains outside the overlay are reached by ordinary SIP; those whose keys are known never are.
    package var border = Border()
    /// Where calls for help (`urn:service:sos`) go; nil for nowhere.
    package var emergency: SIPURI?

    /// The keys of other domains, by their names in lower case: where their users are found in the overlay.
    package var domainKeys: [String: PublicSigningKey] = [:]

    /// What becomes of watchers from other domains while a user has no rules: they wait until the user decides.
    package var strangers = SubscriptionHandling.confirm
    /// The same for watchers of the user's own domain. Most phones have no way to write rules; without this their users
    /// would see nobody and could let nobody in.
    package var colleagues = SubscriptionHandling.allow

    /// The URI below which the users' documents are served over HTTP; nil when they are not.
    package var xcapRoot: XCAPRoot?

    package init(overlay: Endpoint) { self.overlay = overlay }

    /// Where a plain node takes SIP requests from: this machine.
    private static let loopback = [AddressPrefix("127.0.0.0/8")!, AddressPrefix("::1/128")!]

    /// What the SIP server is told.
    func server(of identity: NodeIdentity) -> SIPServerConfiguration {
        var server = SIPServerConfiguration(
            domains: domains, nodeID: identity.nodeID, listeners: sipListeners, trusted: trusted,
            allowedSources: isGateway ? nil : Self.loopback + ownAddresses + trusted,
            eventPackages: eventPackages,
            eventExtensions: EventList.optionTags,
            secret: SymmetricKey(identity.signing.seed).derived(context: "starling sip").bytes)
        server.border = border
        server.border.overlayDomains.formUnion(domainKeys.keys)
        // The rules of all who may be written to are known to gateways alone.
        if isGateway { server.messageExtensions = [MessageListService.optionTag] }
        server.emergency = emergency
        // A plain node takes requests from its own machine alone.
        server.sourceLimits = isGateway ? SourceLimits() : nil
        return server
    }

    /// Changes of documents can be told where there is a root that documents lie below.
    private var eventPackages: Set<String> {
        Set(EventPackage.allCases.filter { $0 != .documents || (isGateway && xcapRoot != nil) }.map(\.rawValue))
    }

    /// What answers XCAP requests.
    var documentServer: XCAPServer? {
        xcapRoot.map { XCAPServer(root: $0, limits: DocumentParts.limits, digest: Digest.sha256) }
    }

    /// What the presence agent is told.
    ///
    /// - Parameter users: those whose accounts this node holds; a gateway holds all of its domains'.
    func presenceAgent(of identity: NodeIdentity, users: Set<AddressOfRecord>) -> PresenceConfiguration {
        var agent = PresenceConfiguration(nodeID: identity.nodeID, domains: Set(domains), strangers: strangers)
        agent.colleagues = colleagues
        agent.ruledUsers = isGateway ? nil : users
        agent.waitsForRules = true
        agent.xcapRoot = xcapRoot?.uri
        return agent
    }
}
