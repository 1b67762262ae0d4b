import ArgumentParser
import NodeIO
import OverlayNode
import Primitives

/// `starling run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a node, or a gateway, until it is told to stop.",
        discussion: """
            A plain node serves this machine alone: a softphone here uses 127.0.0.1:5060 as its server or outbound \
            proxy. A gateway takes phones from elsewhere, at the addresses named with --sip.

            What happens is told on standard output, one line each; warnings go to standard error. SIGTERM or Ctrl-C \
            ends the node within five seconds: it takes back what it published, and keeps what it must remember.

            Examples:
              starling run --join 192.0.2.1:7065
              starling run --gateway --domain example.org --sip udp:192.0.2.1:5060 --sip tcp:192.0.2.1:5060
              starling run --config /etc/starling.yaml

            A configuration file says the same with the keys data, gateway, network, domain or domains, domain-key, sip, \
            sip-certificate, sip-key, overlay, join, trust, log, colleagues, strangers, emergency, xcap, xcap-certificate, \
            xcap-key, xcap-root, border, dns and sip-trust:
              gateway: true
              domain: example.org
              sip: [udp:192.0.2.1:5060, tcp:192.0.2.1:5060]
              overlay: 0.0.0.0:7065
              join: [192.0.2.2:7065]
            """)

    @OptionGroup var options: SettingsOptions

    @Flag(inversion: .prefixedNo, help: "Serve phones elsewhere too, as their registrar, proxy and presence server.")
    var gateway: Bool?

    @Option(
        help: ArgumentHelp(
            "Where to speak SIP, as in udp:127.0.0.1:5060 or tls:[::1]:5061; \"none\" for nowhere. Transports: udp, tcp, "
                + "tls, ws and wss (WebSocket). Repeatable.",
            valueName: "transport:addr:port"))
    var sip: [String] = []

    @Option(
        help: ArgumentHelp(
            "The certificate chain, in PEM, for SIP over TLS and WSS. Default: one that the node makes and signs itself.",
            valueName: "file"))
    var sipCertificate: String?

    @Option(help: ArgumentHelp("The private key of that certificate, in PEM.", valueName: "file"))
    var sipKey: String?

    @Option(
        help: ArgumentHelp("Where to receive the overlay's datagrams. Default: 0.0.0.0:7065.", valueName: "addr:port"))
    var overlay: String?

    @Option(help: ArgumentHelp("A node through which to join the overlay. Repeatable.", valueName: "addr:port"))
    var join: [String] = []

    @Option(help: ArgumentHelp("A domain whose users are served here. Repeatable.", valueName: "name"))
    var domain: [String] = []

    @Option(
        help: ArgumentHelp(
            "The key of another domain, so that its users are found in the overlay. Repeatable.",
            valueName: "name=key"))
    var domainKey: [String] = []

    @Option(help: ArgumentHelp("The overlay's name; overlays of different names never meet.", valueName: "name"))
    var network: String?

    @Option(
        help: ArgumentHelp(
            "Ask for no credentials from these addresses: for closed networks and tests only. Repeatable.",
            valueName: "cidr"))
    var trust: [String] = []

    @Option(help: ArgumentHelp("How much to tell: warning, event or debug. Default: event.", valueName: "detail"))
    var log: String?

    @Option(
        help: ArgumentHelp(
            "What becomes of watchers from other domains while a user has no presence rules: confirm (they wait until "
                + "the user decides), allow, polite-block or block. Default: confirm.", valueName: "handling"))
    var strangers: String?

    @Option(
        help: ArgumentHelp(
            "The same for watchers of the user's own domain. Default: allow.", valueName: "handling"))
    var colleagues: String?

    @Option(
        help: ArgumentHelp(
            "Where emergency calls (urn:service:sos) go, as in sip:112@192.0.2.1. Nobody who makes one is asked for a "
                + "password.", valueName: "sip-uri"))
    var emergency: String?

    @Option(
        help: ArgumentHelp(
            "Where to serve phones' documents by XCAP (HTTP), as in 192.0.2.1:8080. Gateways only.",
            valueName: "addr:port"))
    var xcap: String?

    @Option(help: ArgumentHelp("The certificate chain, in PEM, to serve XCAP by HTTPS.", valueName: "file"))
    var xcapCertificate: String?

    @Option(help: ArgumentHelp("The private key of the certificate, in PEM.", valueName: "file"))
    var xcapKey: String?

    @Option(
        help: ArgumentHelp(
            "The XCAP root that phones are told. Default: http(s)://ADDR:PORT/xcap-root.", valueName: "uri"))
    var xcapRoot: String?

    @Option(
        help: ArgumentHelp(
            "A domain outside the overlay that users may call by ordinary SIP, through the DNS, or \"any\". Repeatable. "
                + "Default: none. Gateways only.", valueName: "name"))
    var border: [String] = []

    @Option(
        help: ArgumentHelp("The name server to ask. Default: those of the system.", valueName: "addr:port"))
    var dns: String?

    @Option(
        help: ArgumentHelp(
            "The authorities, in PEM, whose certificates other domains' servers may show over TLS. Default: those that "
                + "the system trusts.", valueName: "file"))
    var sipTrust: String?

    func run() async throws {
        let settings = try options.settings { reader in
            if let gateway { reader.set(.gateway, to: "\(gateway)", at: "--gateway") }
            for value in sip { reader.set(.sip, to: value, at: "--sip") }
            if let sipCertificate { reader.set(.sipCertificate, to: sipCertificate, at: "--sip-certificate") }
            if let sipKey { reader.set(.sipKey, to: sipKey, at: "--sip-key") }
            if let overlay { reader.set(.overlay, to: overlay, at: "--overlay") }
            for value in join { reader.set(.join, to: value, at: "--join") }
            for value in domain { reader.set(.domain, to: value, at: "--domain") }
            for value in domainKey { reader.set(.domainKey, to: value, at: "--domain-key") }
            if let network { reader.set(.network, to: network, at: "--network") }
            for value in trust { reader.set(.trust, to: value, at: "--trust") }
            if let log { reader.set(.log, to: log, at: "--log") }
            if let strangers { reader.set(.strangers, to: strangers, at: "--strangers") }
            if let colleagues { reader.set(.colleagues, to: colleagues, at: "--colleagues") }
            if let emergency { reader.set(.emergency, to: emergency, at: "--emergency") }
            if let xcap { reader.set(.xcap, to: xcap, at: "--xcap") }
            if let xcapCertificate { reader.set(.xcapCertificate, to: xcapCertificate, at: "--xcap-certificate") }
            if let xcapKey { reader.set(.xcapKey, to: xcapKey, at: "--xcap-key") }
            for value in border { reader.set(.border, to: value, at: "--border") }
            if let sipTrust { reader.set(.sipTrust, to: sipTrust, at: "--sip-trust") }
            if let dns { reader.set(.dns, to: dns, at: "--dns") }
            if let xcapRoot { reader.set(.xcapRoot, to: xcapRoot, at: "--xcap-root") }
        }
        let configuration: NodeConfiguration
        do {
            configuration = try settings.resolved()
        } catch {
            throw Failure(error.description, status: .wrongUsage)
        }
        FileDescriptorLimit.raise()
        let printer = EventPrinter(settings.log ?? .event)
        defer { printer.flush() }
        let signals = StopSignals()
        let node = try await start(configuration, settings: settings, printer: printer)
        signals.whenReceived { node.stop() }
        try await node.waitUntilEnded()
        printer.say("stopped")
    }

    private func start(
        _ configuration: NodeConfiguration, settings: NodeSettings, printer: EventPrinter
    ) async throws -> RunningNode {
        do {
            return try await RunningNode.start(
                configuration, in: settings.dataDirectory, needsListeners: settings.namesListeners,
                certificate: settings.sipCertificateFiles, xcap: settings.xcapListener,
                outside: settings.outside,
                bound: { announce($0, $1, settings: settings, printer: printer) },
                observe: { printer.print($0) })
        } catch let error as NodeConfigurationError {
            throw Failure(error.description, status: .wrongUsage)
        } catch let errors as ConfigurationErrors {
            throw Failure(errors.description, status: .wrongUsage)
        }
    }

    private func announce(
        _ configuration: NodeConfiguration, _ nodeID: NodeID, settings: NodeSettings, printer: EventPrinter
    ) {
        let kind = configuration.isGateway ? "gateway" : "node"
        let listeners = configuration.sipListeners.map { "\($0.transport.rawValue):\($0.endpoint)" }
        printer.say(
            "\(kind) \(nodeID) of the overlay \"\(configuration.network)\" runs at \(configuration.overlay), "
                + (listeners.isEmpty ? "without SIP" : "SIP at " + listeners.joined(separator: " and "))
                + (settings.xcapListener.map { ", XCAP root \($0.root)" } ?? "")
                + ", data in \(settings.dataDirectory.path)")
        for prefix in configuration.trusted {
            Output.warning(
                "requests from \(prefix) need no credentials: whoever sends from there is believed (--trust)")
        }
    }
}
