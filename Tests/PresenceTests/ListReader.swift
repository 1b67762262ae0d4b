import Presence
import SIPMessages
import Testing

/// What the subscriber to a list knows, as RFC 4662 §5.6 has it work that out.
struct ListReader {
    /// What is known of a resource.
    struct Row: Equatable {
        var state: RLMIState?
        var document: [UInt8]?
    }

    private(set) var rows: [String: Row] = [:]
    /// The resources of the last notification, in its order.
    private(set) var last: [String] = []
    private(set) var wasFull = false
    private(set) var version: UInt32?

    /// Takes a NOTIFY. Versions must be the next one each time, and the first notification must be full.
    mutating func take(_ message: SIPMessage) throws {
        #expect(message.value(.require)?.string == "eventlist")
        let (rlmi, states) = try ListFixtures.read(message)
        #expect(rlmi.version == version.map { $0 + 1 } ?? 0)
        #expect(rlmi.isFull || version != nil)
        version = rlmi.version
        if rlmi.isFull { rows = [:] }
        wasFull = rlmi.isFull
        last = rlmi.resources.map(\.uri)
        #expect(Set(last).count == last.count)
        for resource in rlmi.resources {
            let instance = resource.instances.first
            #expect(resource.instances.count <= 1)
            let document = instance?.contentID.flatMap { states[$0] }
            rows[resource.uri] = Row(state: instance?.state, document: document)
        }
    }

    /// What each resource of the last notification is said to be, in one line.
    var told: [String] {
        last.map { uri in
            switch rows[uri]?.state {
            case .active: "\(uri) active"
            case .pending: "\(uri) pending"
            case .terminated(let reason): "\(uri) \(reason)"
            case nil: "\(uri) -"
            }
        }
    }
}
