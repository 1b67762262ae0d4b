import Primitives

extension Message {
    /// How many bytes ``encode(contacts:)`` gives, counted without encoding.
    package var encodedSize: Int {
        let head = 10
        switch body {
        case .ping, .leaving, .callBack: return head
        case .pong: return head + Self.endpointSize
        case .findNodes(_, let known): return head + 32 + known.encodedSize
        case .nodes(let contacts): return head + Self.size(of: contacts)
        case .fetch(_, _, let after, let known):
            return head + 35 + (after.map { 2 + $0.count } ?? 0) + known.encodedSize
        case .fetched(let answer):
            return head + 3 + Self.size(of: answer.closer) + answer.records.reduce(0) { $0 + Self.size(of: $1) }
        case .store(let record, let expected): return head + Self.size(of: record) + (expected == nil ? 1 : 9)
        case .stored(_, let held): return head + 1 + (held == nil ? 1 : 9)
        case .watch: return head + 46
        case .watching(let answer): return head + 12 + Self.size(of: answer.closer)
        case .changed(let record, _): return head + 8 + Self.size(of: record)
        case .changeSeen: return head + 1
        case .callBackAnswer(_, let answer):
            guard case .asked = answer else { return head + Self.endpointSize + 1 }
            return head + Self.endpointSize + 1 + Self.contactSize
        case .cache(let records): return head + 2 + records.reduce(0) { $0 + Self.size(of: $1) }
        case .callThis: return head + Self.contactSize
        case .introduce: return head + 32
        }
    }

    private static let endpointSize = 18
    private static let contactSize = 32 + endpointSize

    private static func size(of contacts: ContactList) -> Int { 1 + contacts.count * contactSize }

    private static func size(of record: Record) -> Int { 4 + record.encoded.count }
}
