import Primitives
import SIPMessages

/// The body of a NOTIFY for a list: meta-information, and behind it the state of resources (RFC 4662 §5, RFC 2387).
package struct ListNotification: Sendable {
    private var rlmi: RLMI
    private var states: [MultipartBody.Part] = []
    /// What stands in front of the number in every Content-ID, and behind it.
    private let contentIDs: (prefix: String, domain: String)
    private let dialect: ListDialect
    /// Bytes of the states so far.
    package private(set) var size = 0

    /// - Parameters:
    ///   - rlmi: the list without its resources.
    ///   - prefix: a token that no other notification has.
    ///   - domain: the host in Content-IDs.
    init(_ rlmi: RLMI, prefix: String, domain: String, dialect: ListDialect) {
        self.rlmi = rlmi
        self.dialect = dialect
        contentIDs = (prefix, domain)
    }

    /// One as the standards have it.
    package init(_ rlmi: RLMI, prefix: String, domain: String) {
        self.init(rlmi, prefix: prefix, domain: domain, dialect: .standard)
    }

    /// Adds a resource of which nothing is said yet (RFC 4662 §4.5).
    package mutating func append(_ member: ListMember) {
        rlmi.resources.append(RLMIResource(uri: member.uri, names: member.displayName.map { [$0] } ?? []))
    }

    /// Adds a resource and how things stand with it.
    ///
    /// RFC 4662 §5.5: an active instance names the part with its state; where there is none, nothing can be said yet.
    /// - Parameter document: the state, of that type; empty for none.
    package mutating func append(
        _ member: ListMember, _ state: RLMIState, document: [UInt8] = [], type: String = ""
    ) {
        append(member)
        if state == .active, document.isEmpty { return }
        var instance = RLMIInstance(id: Self.instanceID, state: state)
        if !document.isEmpty {
            let contentID = contentID(states.count + 1)
            instance.contentID = contentID
            states.append(part(contentID, type, document))
            size += document.count
        }
        rlmi.resources[rlmi.resources.count - 1].instances = [instance]
    }

    /// RFC 4662 §5.5: ids are unique within a resource, and no resource here has more than one notifier.
    private static let instanceID = "1"

    private func contentID(_ number: Int) -> String { "\(contentIDs.prefix)-\(number)@\(contentIDs.domain)" }

    private func part(_ contentID: String, _ type: String, _ content: [UInt8]) -> MultipartBody.Part {
        // RFC 2045 §6.2: what is neither short lines nor seven bits wide is said to be binary.
        MultipartBody.Part(
            headers: [
                ("Content-Transfer-Encoding", "binary"), dialect.contentID(contentID), ("Content-Type", type),
            ], content: content)
    }

    /// What Content-Type says, and the body.
    ///
    /// RFC 4662 §5.1: the meta-information is the root; RFC 2387 §3: `type` says what the root is, `start` which part.
    package func encoded(_ random: inout RandomSource) -> (type: String, body: [UInt8]) {
        let root = contentID(0)
        let multipart = MultipartBody(parts: [part(root, RLMI.contentType, rlmi.document)] + states)
        let boundary = multipart.boundary(from: &random)
        // RFC 2045 §5.1 lets a boundary that is a token go without quotes, and Linphone 5.1 takes them for a part of it.
        let type = "multipart/related;type=\"\(RLMI.contentType)\";start=\"<\(root)>\";boundary=\(boundary)"
        return (type, multipart.serialized(boundary: boundary))
    }
}
