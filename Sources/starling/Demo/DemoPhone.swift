import NodeIO
import Primitives
import SIPMessages
import SIPStack
import UserAgent

/// A phone of the story: a user agent on a socket of its own, registered at one node.
final class DemoPhone: Sendable {
    let name: String
    let account: AddressOfRecord
    /// Where it registers.
    let server: Endpoint
    /// The events of that node.
    let log: String
    private let endpoint: SIPEndpoint<UserAgent>
    private let reports: ReportLog<UserAgent.Action>

    /// Binds a socket on loopback.
    ///
    /// - Parameter node: where to register, when not at the user's own node.
    static func start(_ name: String, in overlay: OverlayDescription, at node: String? = nil) async throws -> DemoPhone
    {
        let user = try overlay.user(name)
        let home = try overlay.node(node ?? user.node)
        guard let account = AddressOfRecord(user.address), let server = Endpoint(home.sip) else {
            throw Failure("overlay.json names no address or server that \(name) could use")
        }
        let reports = ReportLog<UserAgent.Action>()
        let endpoint = try await SIPEndpoint<UserAgent>.start(
            listeners: [SIPListener(.udp, Endpoint(address: .loopback, port: 0))], report: { reports.add($0) },
            makeCore: { listeners in
                let media = Endpoint(address: .loopback, port: listeners[0].endpoint.port &+ 1)
                let configuration = UserAgentConfiguration(
                    account: account, password: user.password, outboundProxy: OutboundProxy(.udp, server),
                    listeners: listeners, media: media)
                return UserAgent(configuration: configuration, random: .keyedBySystem())
            })
        return DemoPhone(name, account, server, home.log, endpoint, reports)
    }

    private init(
        _ name: String, _ account: AddressOfRecord, _ server: Endpoint, _ log: String,
        _ endpoint: SIPEndpoint<UserAgent>, _ reports: ReportLog<UserAgent.Action>
    ) {
        self.name = name
        self.account = account
        self.server = server
        self.log = log
        self.endpoint = endpoint
        self.reports = reports
    }

    /// What the person does.
    func tell(_ event: UserAgent.Event) { endpoint.send(event) }

    /// Waits until the phone has reported what is expected.
    ///
    /// - Parameters:
    ///   - expected: for people, when it does not come.
    ///   - isHopeless: tells a report after which it can't come any more.
    ///   - match: what to take from the report that is waited for; nil for every other.
    /// - Throws: ``DemoFailure``
    @discardableResult
    func expect<Value>(
        _ expected: String, by deadline: ContinuousClock.Instant,
        unless isHopeless: (UserAgent.Action) -> Bool = { _ in false }, _ match: (UserAgent.Action) -> Value?
    ) async throws -> Value {
        var looked = 0
        while true {
            let all = reports.reports
            for report in all[looked...] {
                if let value = match(report) { return value }
                if isHopeless(report) { throw failure(expected, all) }
            }
            looked = all.count
            guard ContinuousClock.now < deadline else { throw failure(expected, all) }
            await reports.change(beyond: looked, until: deadline)
        }
    }

    private func failure(_ expected: String, _ reports: [UserAgent.Action]) -> DemoFailure {
        let last = reports.suffix(8).map { "\(name)'s phone: \(DemoPhone.words($0))" }
        return DemoFailure(
            expected: "\(name) \(expected)", seen: last.isEmpty ? ["nothing at \(name)'s phone"] : last, log: log)
    }

    /// Takes the phone off the network without a word.
    func stop() async { await endpoint.stop() }
}
