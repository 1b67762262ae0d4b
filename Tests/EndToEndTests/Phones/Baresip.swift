import Foundation

/// A baresip phone, driven through its control connection; what it saw is read from its own screen.
struct Baresip {
    let account: PhoneAccount
    let program: RunningProgram
    private let controlPort: UInt16

    /// - Parameters:
    ///   - name: tells phones of one test apart.
    ///   - buddies: the addresses whose presence it watches.
    ///   - second: another outbound proxy: the phone registers a flow at both (RFC 5626).
    ///   - asksForMessages: whether it subscribes to its user's waiting messages. Its module for that now and then subscribes
    ///     thousands of times a second as soon as the phone is registered (baresip issue 2726).
    init(
        _ account: PhoneAccount, name: String, buddies: [String] = [], second: PhoneAccount? = nil,
        asksForMessages: Bool = false, on bench: Bench
    ) throws {
        self.account = account
        controlPort = FreePorts.shared.row()
        let folder = bench.directory.appending(path: name)
        let tone = bench.directory.appending(path: "tone.wav")
        if !FileManager.default.fileExists(atPath: tone.path) { try ToneFile.write(to: tone) }
        let audioPort = FreePorts.shared.row(of: 20)
        _ = try bench.write(
            """
            poll_method epoll
            sip_listen 127.0.0.1:\(FreePorts.shared.row())
            sip_trans_def \(account.transport)
            net_interface 127.0.0.1
            \(account.authority.map { "sip_cafile \($0)" } ?? "")
            call_local_timeout 60
            call_max_calls 4
            audio_source aufile,\(tone.path)
            audio_player aufile,\(folder.path)/heard.wav
            audio_alert aufile,\(folder.path)/alert.wav
            audio_level no
            rtp_ports \(audioPort)-\(audioPort + 18)
            module_path \(Self.modulePath)
            module stdio.so
            module g711.so
            module aufile.so
            module uuid.so
            module_tmp account.so
            module_app contact.so
            module_app menu.so
            module_app ctrl_tcp.so
            module_app presence.so
            \(asksForMessages ? "module_app mwi.so" : "")
            ctrl_tcp_listen 127.0.0.1:\(controlPort)

            """, to: "\(name)/config")
        let user = account.user
        let proxies = [account, second].compactMap { $0 }.map { "\"sip:\($0.server);transport=\($0.transport)\"" }
        let outbound =
            second == nil ? "outbound=\(proxies[0])" : "sipnat=outbound;outbound1=\(proxies[0]);outbound2=\(proxies[1])"
        _ = try bench.write(
            """
            "\(user)" <\(account.address)>;auth_user=\(user);auth_pass=\(account.password);\
            \(outbound);\
            regint=600;pubint=120;answermode=auto

            """, to: "\(name)/accounts")
        let contacts = buddies.map { "\"\($0)\" <sip:\($0)>;presence=p2p\n" }.joined()
        _ = try bench.write(contacts.isEmpty ? "\n" : contacts, to: "\(name)/contacts")
        program = try bench.start("baresip", ["-f", folder.path], name: name)
    }

    /// Where Debian's package keeps the modules, on any architecture.
    private static let modulePath = "/usr/lib/baresip/modules"

    static var isInstalled: Bool { Installed.has("baresip") }

    var screen: String { program.output }

    /// Runs one of baresip's commands and returns what it answers; nil while nobody answers.
    @discardableResult
    func command(_ name: String, _ parameters: String = "") throws -> String? {
        try NetstringConnection(port: controlPort)?.ask(command: name, parameters: parameters)
    }

    func isRegistered() throws -> Bool {
        try command("reginfo")?.contains("OK") ?? false
    }

    /// The presence that its list of contacts shows for `address`: Online, Offline, Busy or Unknown.
    func presence(of address: String) throws -> String? {
        guard let list = try command("contacts") else { return nil }
        let line = list.split(whereSeparator: \.isNewline).first { $0.contains("<sip:\(address)>") }
        return ["Online", "Offline", "Busy", "Unknown"].first { line?.contains($0) ?? false }
    }

    func setPresence(isOnline: Bool) throws {
        try command(isOnline ? "presence_online" : "presence_offline")
    }

    /// Sends a message to the first buddy, to whom baresip's command always speaks.
    func message(_ text: String) throws { try command("message", text) }

    func hasReceived(message text: String, from address: String) -> Bool {
        screen.split(whereSeparator: \.isNewline).contains { $0.contains("sip:\(address): ") && $0.contains(text) }
    }

    func dial(_ address: String) throws { try command("dial", "sip:\(address)") }
    func hangUp() throws { try command("hangup") }
    func quit() throws { try command("quit") }

    /// How often a call has been established.
    var callsEstablished: Int { screen.matches(of: #/: Call established: /#).count }

    func hasNoCall() throws -> Bool { try command("callstat")?.contains("(no active calls)") ?? false }
}
