import Primitives
import XMLTree

extension WatcherInformation {
    /// More than a node tells another of.
    private static let maximumWatchers = 1_000

    /// The watchers in a full document (RFC 3858 §3) that another node wrote now.
    static func watchers(in document: [UInt8], at now: Instant) throws(EventStateError) -> [Watcher] {
        let root: XMLElement
        do {
            root = try XMLDocument(parsing: document).root
        } catch {
            throw EventStateError(error.description)
        }
        guard let list = root.first(XMLName("watcher-list", in: namespace)) else {
            throw EventStateError("not a watcher information document: the root is \(root.name)")
        }
        return try list.all(watcher).prefix(maximumWatchers).map { (element) throws(EventStateError) in
            try Watcher(parsing: element, at: now)
        }
    }
}
