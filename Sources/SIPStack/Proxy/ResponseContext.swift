import Primitives
import SIPMessages

/// All that a proxy remembers of a request while its branches run (RFC 3261 §16.2, §16.7).
struct ResponseContext: Sendable {
    /// Who waits for the responses.
    enum Upstream: Hashable, Sendable {
        case server(ServerTransactionID)
        /// A user of this very server.
        case local(RequestToken)
    }

    /// One client transaction that the request was forwarded in.
    struct Branch: Sendable {
        var id: ClientTransactionID
        /// How much of Max-Breadth it has.
        let breadth: Int
        /// The devices that it leads to (``Target/devices``).
        let devices: [String]
        /// Whether it is the flow by which its device registered.
        let isFlow: Bool
        var hasFinal = false
        /// The tags of the early dialogs that it opened and that go on (RFC 6228).
        var earlyDialogs: [String] = []
        /// For a branch that goes to a server by name.
        var search: Search?

        /// Whether nothing has been sent, since the server is still being looked for.
        var isSearching: Bool { search != nil && search?.current == nil }
    }

    /// The servers of a branch (RFC 3263 §4.3).
    struct Search: Sendable {
        let target: Target
        /// Those that have not been tried.
        var servers: ArraySlice<ServerAddress> = []
        var current: ServerAddress?
        /// Whether the current one has answered anything.
        var hasResponded = false
    }

    let upstream: Upstream
    /// The request as it is to be forwarded, but for what differs between the targets.
    let request: SIPMessage
    let method: SIPMethod
    /// The flow that the request came over; nil when it is our own.
    let arrival: Flow?
    /// The second part of the branches (RFC 5393 §4.2.1).
    let mark: String
    var branches: [Branch] = []
    /// Targets that wait for Max-Breadth to become free.
    var waiting: [Target] = []
    /// Other ways to devices that are among the targets already: only for when those have failed (RFC 5626 §7).
    var spares: [Target] = []
    /// The devices that are among the targets.
    var devices: Set<String> = []
    /// The only device that is meant; nil for all.
    let device: String?
    /// The answer when the flows that lead to a device have failed.
    let flowFailure: Int
    /// What has been a target before must not become one again (RFC 3261 §16.5).
    var tried: [SIPURI] = []
    var lookUp: LookUpToken?
    /// The answer when there is nowhere to go at all: 404 or 480.
    let emptyStatus: Int
    /// For a message that may wait until its recipient is back: who that is, and who proved to have sent it.
    var mayWait: (recipient: AddressOfRecord, sender: AddressOfRecord)?
    /// Whether it is a call for help.
    var isEmergency = false
    /// Max-Breadth that no running branch holds (RFC 5393 §5.3.3).
    var freeBreadth: Int
    var best = BestResponse()
    /// Whether a final response has gone upstream.
    var isAnswered = false
    /// Whether the client, or a 6xx, ended the search: no target is tried any more.
    var isEnding = false
    /// Whether it was the client.
    var isCancelled = false

    /// RFC 3261 §16.7 step 6: the time to choose has come when no branch runs and none can be added.
    var isComplete: Bool { lookUp == nil && waiting.isEmpty && branches.allSatisfy(\.hasFinal) }
}
