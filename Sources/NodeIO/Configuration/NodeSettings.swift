import Identity
import OverlayNode
import Presence
import Primitives
import SIPMessages
import SIPStack

/// What a person told a node in its configuration file or by flags; nil or empty where they said nothing.
package struct NodeSettings: Sendable, Equatable {
    package var data: String?
    package var isGateway: Bool?
    package var network: String?
    package var domains: [String] = []
    /// The keys of other domains by their names.
    package var domainKeys: [String: PublicSigningKey] = [:]
    /// nil where nothing was said; empty for a node that shall speak no SIP.
    package var sipListeners: [SIPListener]?
    package var overlay: Endpoint?
    package var join: [Endpoint] = []
    package var trusted: [AddressPrefix] = []
    package var log: LogDetail?
    /// Domains outside the overlay that are reached by ordinary SIP.
    package var borderDomains: [String] = []
    /// Whether every such domain is.
    package var hasOpenBorder: Bool?
    /// The name server to ask; nil for those of the system.
    package var dns: Endpoint?
    /// The PEM file with the authorities whose certificates other domains' servers may show; nil for the system's.
    package var sipTrust: String?
    /// What becomes of watchers of the same domain, and of others, while a user has no rules.
    package var colleagues: SubscriptionHandling?
    package var strangers: SubscriptionHandling?
    /// Where calls for help go; nil for nowhere.
    package var emergency: SIPURI?
    /// Where to serve XCAP; nil for nowhere.
    package var xcap: Endpoint?
    /// The PEM file with the XCAP server's certificate chain.
    package var xcapCertificate: String?
    /// The PEM file with the certificate's private key.
    package var xcapKey: String?
    /// The XCAP root URI that phones are told.
    package var xcapRoot: String?

    /// The PEM file with the certificate chain for SIP over TLS and secure WebSocket; nil to make one.
    package var sipCertificate: String?
    /// The PEM file with that certificate's private key.
    package var sipKey: String?

    package init() {}

    /// These settings, with what `flags` say in their place. A list given by flags replaces the file's.
    package func overridden(by flags: NodeSettings) -> NodeSettings {
        func list<Element>(_ path: KeyPath<NodeSettings, [Element]>) -> [Element] {
            flags[keyPath: path].isEmpty ? self[keyPath: path] : flags[keyPath: path]
        }
        var result = NodeSettings()
        result.data = flags.data ?? data
        result.isGateway = flags.isGateway ?? isGateway
        result.network = flags.network ?? network
        result.domains = list(\.domains)
        result.domainKeys = flags.domainKeys.isEmpty ? domainKeys : flags.domainKeys
        result.sipListeners = flags.sipListeners ?? sipListeners
        result.overlay = flags.overlay ?? overlay
        result.join = list(\.join)
        result.trusted = list(\.trusted)
        result.log = flags.log ?? log
        // Either says where the border is, so that a flag replaces both.
        let border = flags.borderDomains.isEmpty && flags.hasOpenBorder == nil ? self : flags
        result.borderDomains = border.borderDomains
        result.hasOpenBorder = border.hasOpenBorder
        result.dns = flags.dns ?? dns
        result.sipTrust = flags.sipTrust ?? sipTrust
        result.colleagues = flags.colleagues ?? colleagues
        result.strangers = flags.strangers ?? strangers
        result.emergency = flags.emergency ?? emergency
        result.xcap = flags.xcap ?? xcap
        result.xcapCertificate = flags.xcapCertificate ?? xcapCertificate
        result.xcapKey = flags.xcapKey ?? xcapKey
        result.xcapRoot = flags.xcapRoot ?? xcapRoot
        result.sipCertificate = flags.sipCertificate ?? sipCertificate
        result.sipKey = flags.sipKey ?? sipKey
        return result
    }

    /// Where an overlay socket is bound when nothing is said: every address, and a port of Starling's own choosing
    /// in the range that IANA leaves to users.
    package static let defaultOverlay = Endpoint(address: .any, port: 7065)
    /// Where a plain node's local proxy listens when nothing is said: where a softphone looks for one. Should the
    /// port be taken, the node runs without.
    package static let defaultListeners: [SIPListener] = {
        let endpoint = Endpoint(address: .loopback, port: 5060)
        return [SIPListener(.udp, endpoint), SIPListener(.tcp, endpoint)]
    }()

    /// The directory these settings name, or the usual one.
    package var dataDirectory: DataDirectory { data.map { DataDirectory($0) } ?? .standard }

    /// Whether the SIP listeners were asked for by name, so that the node must not run without them.
    package var namesListeners: Bool { sipListeners != nil }

    /// What the node is to be, with the defaults filled in.
    ///
    /// - Throws: ``ConfigurationErrors`` for settings that are right each by itself and wrong together.
    package func resolved() throws(ConfigurationErrors) -> NodeConfiguration {
        var configuration = NodeConfiguration(overlay: overlay ?? Self.defaultOverlay)
        if let network { configuration.network = network }
        configuration.isGateway = isGateway ?? false
        configuration.domains = domains
        configuration.domainKeys = domainKeys
        configuration.bootstrap = join
        configuration.trusted = trusted
        configuration.border = Border(domains: borderDomains, isOpen: hasOpenBorder ?? false)
        configuration.emergency = emergency
        if let colleagues { configuration.colleagues = colleagues }
        if let strangers { configuration.strangers = strangers }
        configuration.sipListeners = sipListeners ?? Self.defaultListeners
        var errors: [ConfigurationError] = []
        if configuration.isGateway, sipListeners?.isEmpty ?? true {
            errors.append(
                ConfigurationError(
                    "sip", "a gateway must be told at which address phones reach it",
                    remedy: "add --sip udp:ADDRESS:5060, or `sip: [udp:ADDRESS:5060]` to the file"))
        }
        var seen: Set<SIPListener> = []
        for listener in configuration.sipListeners where !seen.insert(listener).inserted && listener.endpoint.port != 0
        {
            errors.append(
                ConfigurationError(
                    "sip", "\(listener.transport.rawValue):\(listener.endpoint) is named twice",
                    remedy: "name it once"))
        }
        errors += xcapErrors + sipCertificateErrors + borderErrors
        guard errors.isEmpty else { throw ConfigurationErrors(errors) }
        return configuration
    }
}
