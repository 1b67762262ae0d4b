import XMLTree

/// Content that presence documents point to; in practice a user's icon (OMA Presence SIMPLE Content XDM 1.0).
package struct PresContentUsage: ApplicationUsage {
    package init() {}

    package var auid: String { "org.openmobilealliance.pres-content" }
    package var mimeType: String { "application/vnd.oma.pres-content+xml" }
    package var defaultNamespace: String { PresContentSchema.namespace }
    package var schema: XMLSchema { PresContentSchema.schema }
    /// Icons lie in a directory of their own.
    package var directories: [[String]] { [["oma_status-icon"]] }

    /// In bytes, before base64. The presence document of a user with an icon makes each watcher fetch it.
    private static let largestContent = 96 << 10

    /// The URI of an icon goes to watchers everywhere within presence documents, and they have no account here: whoever
    /// knows it may fetch it.
    package func access(to selector: DocumentSelector, isSafe: Bool) -> AccessRule {
        switch selector.tree {
        case .user: isSafe ? .everyone : .owner
        case .global: isSafe ? .everyone : .trusted
        }
    }

    /// The content is of bounded size, and base64 where it says so.
    package func checkConstraints(_ document: XMLElement, in context: ValidationContext) throws(ConflictReport) {
        let name = { XMLName($0, in: PresContentSchema.namespace) }
        let content = document.first(name("data"))?.text ?? ""
        guard content.utf8.count <= Self.largestContent * 4 / 3 + 4 else {
            throw ConflictReport(.constraintFailure, phrase: "the content is larger than \(Self.largestContent) bytes")
        }
        guard document.first(name("encoding"))?.text == "base64" else { return }
        guard Self.isBase64(content) else {
            throw ConflictReport(.constraintFailure, phrase: "the content is not base64")
        }
    }

    /// RFC 4648 §4, with white space anywhere, as in MIME.
    private static func isBase64(_ text: String) -> Bool {
        var digits = text.utf8.filter { ![32, 9, 10, 13].contains($0) }
        guard digits.count.isMultiple(of: 4) else { return false }
        for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        return digits.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
    }
}
