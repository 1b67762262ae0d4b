import Primitives
import SIPMessages
import SIPStack

/// A search for servers beside a zone that answers at once.
struct LocatorHarness {
    var locator: ServerLocator
    var zone: Zone
    var now = Instant(secondsSince1970: 1_000_000)
    /// All that was asked so far.
    var asked: [DNSQuestion] = []
    private var number: UInt64 = 0

    init(
        _ zone: Zone,
        listeners: [SIPListener] = [.udp, .tcp, .tls].map { SIPListener($0, Endpoint("192.0.2.100:5060")!) },
        cachedAnswers: Int = 100, failedServers: Int = 100
    ) {
        self.zone = zone
        locator = ServerLocator(
            options: LocatingOptions(listeners: listeners), random: RandomSource(seed: 7), cachedAnswers: cachedAnswers,
            failedServers: failedServers)
    }

    mutating func locate(_ name: ServerName) -> [ServerAddress] {
        number += 1
        var actions: [ServerLocator.Action] = []
        locator.handle(.locate(.acknowledgement(number), name), at: now, into: &actions)
        while !actions.isEmpty {
            switch actions.removeFirst() {
            case .query(let question):
                asked.append(question)
                locator.handle(.answer(question, zone.answer(to: question)), at: now, into: &actions)
            case .located(_, let servers): return servers
            }
        }
        return []
    }

    mutating func locate(_ uri: String) -> [String] {
        ServerName(SIPURI(uri)!).map { locate($0).map { "\($0)" } } ?? []
    }
}
