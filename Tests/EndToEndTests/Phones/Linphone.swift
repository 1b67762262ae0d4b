import Foundation

/// A Linphone on the command line (linphonec), driven by typing at it; what it saw is read from its own screen.
struct Linphone {
    let account: PhoneAccount
    let program: RunningProgram

    /// - Parameters:
    ///   - buddies: the addresses whose presence it watches.
    ///   - listServer: to whom it sends one SUBSCRIBE for all of them; nil to subscribe to each by itself.
    init(
        _ account: PhoneAccount, name: String, buddies: [String] = [], listServer: String? = nil, on bench: Bench
    ) throws {
        self.account = account
        let port = FreePorts.shared.row()
        let server = "<sip:\(account.server);transport=\(account.transport)>"
        var configuration = """
            [sip]
            sip_port=\(account.transport == "udp" ? port : 0)
            sip_tcp_port=\(account.transport == "tcp" ? port : 0)
            sip_tls_port=\(account.transport == "tls" ? port : 0)
            root_ca=\(account.authority ?? "")
            verify_server_certs=1
            verify_server_cn=1
            bind_address=127.0.0.1
            guess_hostname=1
            contact=sip:\(account.user)@127.0.0.1
            default_proxy=0
            register_only_when_network_is_up=0
            use_ipv6=0
            inc_timeout=30
            media_encryption=none
            publish_presence=1
            \(listServer.map { "rls_uri=\($0)" } ?? "")
            [net]
            mtu=1300
            [proxy_0]
            reg_proxy=\(server)
            reg_route=\(server)
            reg_identity=\(account.address)
            reg_expires=600
            reg_sendregister=1
            publish=1
            publish_expires=120
            dial_escape_plus=0
            [auth_info_0]
            username=\(account.user)
            userid=\(account.user)
            passwd=\(account.password)
            realm=\(account.domain)
            [rtp]
            audio_rtp_port=\(FreePorts.shared.row(of: 2))
            [sound]
            playback_dev_id=
            [video]
            enabled=0
            capture=0
            display=0
            [storage]
            call_logs_db_uri=null

            """
        for (index, buddy) in buddies.enumerated() {
            configuration += "[friend_\(index)]\nurl=\"\(buddy)\" <sip:\(buddy)>\npol=accept\nsubscribe=1\n"
        }
        // Linphone keeps a database in its home and does not start one in a folder that isn't there.
        for folder in [".local/share/linphone", ".config/linphone"] {
            try FileManager.default.createDirectory(
                at: bench.directory.appending(path: "\(name)/\(folder)"), withIntermediateDirectories: true)
        }
        let file = try bench.write(configuration, to: "\(name)/rc")
        program = try bench.start(
            "linphonec", ["-a", "-d", "5", "-l", "\(bench.directory.path)/\(name)/log", "-c", file.path], name: name,
            environment: ["HOME": bench.directory.appending(path: name).path])
        // Without a sound card a call would fail.
        program.type("soundcard use files")
    }

    static var isInstalled: Bool { Installed.has("linphonec") }

    var screen: String { program.output }

    /// Asks it; the answer appears on the screen.
    func isRegistered() -> Bool {
        program.type("status register")
        return screen.contains("registered, identity=\(account.address)")
    }

    /// How the presence of `address` changed before its eyes, oldest first: `Online`, `Offline` and others.
    func presenceSeen(of address: String) -> [String] {
        screen.split(whereSeparator: \.isNewline).filter {
            $0.contains("Friend") && $0.contains("<sip:\(address)> is ")
        }
        .compactMap { $0.split(separator: " ").last.map(String.init) }
    }

    func message(_ text: String, to address: String) { program.type("chat sip:\(address) \"\(text)\"") }
    func hasReceived(message text: String, from address: String) -> Bool {
        screen.contains("Message received from sip:\(address): \(text)")
    }

    func dial(_ address: String) { program.type("call sip:\(address)") }
    func hangUp() { program.type("terminate") }
    func quit() { program.type("quit") }

    /// How often a call has been answered, and how often one has ended without an error.
    var callsEstablished: Int { screen.matches(of: #/Call \d+ with .* connected\./#).count }
    var callsEnded: Int { screen.matches(of: #/Call \d+ with .* ended \(No error\)/#).count }
}
