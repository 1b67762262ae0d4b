import Primitives
import SIPMessages
import XMLTree

/// Documents that tell a presentity who watches it (RFC 3858).
package enum WatcherInformation {
    /// RFC 3858 §3.
    package static let namespace = "urn:ietf:params:xml:ns:watcherinfo"
    /// RFC 3858 §8.1.
    package static let documentType = MediaType("application", "watcherinfo+xml")

    /// The package whose watchers are told of (RFC 3856 §6.1).
    private static let watchedPackage = "presence"

    static let watcher = XMLName("watcher", in: namespace)

    /// How much a document tells (RFC 3858 §3).
    package enum Extent: String, Sendable {
        /// Everybody who watches: what was known before counts no more.
        case full
        /// Those for whom something changed since the document before.
        case partial
    }

    /// A document in UTF-8.
    /// - Parameter version: 0 in the first document that a subscriber gets, and one more in each after it.
    package static func document(
        of presentity: AddressOfRecord, watchers: [Watcher], _ extent: Extent, version: UInt32, at now: Instant
    ) -> [UInt8] {
        var list = XMLElement(XMLName("watcher-list", in: namespace))
        list[attribute: XMLName("resource")] = SIPURI(presentity).description
        list[attribute: XMLName("package")] = watchedPackage
        list.children = watchers.map { .element($0.element(at: now)) }
        var root = XMLElement(XMLName("watcherinfo", in: namespace), children: [.element(list)])
        root[attribute: XMLName("version")] = "\(version)"
        root[attribute: XMLName("state")] = extent.rawValue
        return XMLDocument(root: root).serialized
    }
}
