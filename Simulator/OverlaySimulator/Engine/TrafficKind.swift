import Kademlia

/// Messages as the report tells them apart, answers with their requests.
enum TrafficKind: Int, CaseIterable, Sendable {
    case ping
    case findNodes
    case fetch
    case store
    case watch
    case changed
    case leaving
    case handshake

    /// What a message counts as. No initialiser, which would be given a copy.
    static func of(_ message: Message) -> TrafficKind {
        switch message.body {
        case .ping, .pong, .callBack, .callBackAnswer, .callThis, .introduce: .ping
        case .findNodes, .nodes: .findNodes
        case .fetch, .fetched: .fetch
        case .store, .stored, .cache: .store
        case .watch, .watching: .watch
        case .changed, .changeSeen: .changed
        case .leaving: .leaving
        }
    }

    /// As it stands in the names of metrics.
    var name: String {
        switch self {
        case .findNodes: "find_nodes"
        case .ping: "ping"
        case .fetch: "fetch"
        case .store: "store"
        case .watch: "watch"
        case .changed: "changed"
        case .leaving: "leaving"
        case .handshake: "handshake"
        }
    }
}
