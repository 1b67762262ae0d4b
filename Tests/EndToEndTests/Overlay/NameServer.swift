/// A real name server on loopback that knows what a test tells it, and nothing else.
struct NameServer {
    let address: String
    private let program: RunningProgram

    static var isInstalled: Bool { Installed.hasAll("dnsmasq") }

    /// - Parameter records: dnsmasq's options for records, as `--host-record=a.example,127.0.0.1`.
    static func start(_ records: [String], on bench: Bench) async throws -> NameServer {
        let port = FreePorts.shared.row()
        let program = try bench.start(
            "dnsmasq",
            [
                "--keep-in-foreground", "--conf-file=/dev/null", "--no-hosts", "--no-resolv", "--bind-interfaces",
                "--listen-address=127.0.0.1", "--port=\(port)", "--local=/example/", "--log-queries",
                "--log-facility=-", "--pid-file=", "--user=", "--group=",
            ] + records, name: "name-server")
        try await eventually("the name server starts") { program.output.contains("started") }
        return NameServer(address: "127.0.0.1:\(port)", program: program)
    }

    /// Whether it was asked for this.
    func wasAsked(_ type: String, _ name: String) -> Bool { program.output.contains("query[\(type)] \(name) ") }

    /// The records of a domain whose servers are reached by one transport, the first server first.
    static func records(of domain: String, transport: String, ports: [UInt16]) -> [String] {
        let (service, owner) =
            switch transport {
            case "udp": ("SIP+D2U", "_sip._udp.\(domain)")
            case "tcp": ("SIP+D2T", "_sip._tcp.\(domain)")
            default: ("SIPS+D2T", "_sips._tcp.\(domain)")
            }
        let services = ports.enumerated().map { "--srv-host=\(owner),gateway.\(domain),\($1),\($0),10" }
        return ["--naptr-record=\(domain),10,10,S,\(service),,\(owner)", "--host-record=gateway.\(domain),127.0.0.1"]
            + services
    }
}
