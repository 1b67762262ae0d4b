import Primitives
import Testing
import XMLTree

@testable import XCAP

/// A server together with the documents that an HTTP server would keep for it.
struct XCAPFixture {
    static let joe = AddressOfRecord("joe@example.com")!
    static let bill = AddressOfRecord("bill@example.com")!
    static let home = "/test/users/sip:joe@example.com"
    static let document = "\(home)/index"

    var server: XCAPServer
    var documents: [DocumentSelector: StoredDocument] = [:]
    var user: AddressOfRecord? = joe
    var taken: Set<String> = []

    init(
        usages: [any ApplicationUsage] = XCAPServer.allUsages + [OpenUsage()], limits: XCAPLimits = .standard,
        trusted: Set<AddressOfRecord> = []
    ) {
        server = XCAPServer(
            root: XCAPRoot("http://xcap.example.com")!, usages: usages, limits: limits, trustedUsers: trusted,
            digest: Self.digest)
    }

    /// A fixture that holds `text` as the document of the open usage.
    init(_ text: String, defaultNamespace: String = "") {
        self.init(usages: [OpenUsage(defaultNamespace: defaultNamespace)])
        store(text, at: Self.document)
    }

    /// FNV-1a over the bytes from two starts: enough to tell the documents of a test apart.
    static let digest: @Sendable ([UInt8]) -> [UInt8] = { bytes in
        var digest: [UInt8] = []
        for start: UInt64 in [0xCBF2_9CE4_8422_2325, 0x84222325] {
            var hash = start
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            for shift in 0..<8 { digest.append(UInt8(truncatingIfNeeded: hash >> UInt64(8 * shift))) }
        }
        return digest
    }

    mutating func store(_ text: String, at path: String) {
        let bytes = Array(text.utf8)
        documents[try! RequestURI(path: path, query: nil).document] = StoredDocument(
            bytes: bytes, tag: server.entityTag(of: bytes))
    }

    /// The document of a path as text; nil when there is none.
    func text(at path: String = document) -> String? {
        guard let uri = try? RequestURI(path: path, query: nil) else { return nil }
        return documents[uri.document].map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    func tag(at path: String = document) -> EntityTag? {
        guard let uri = try? RequestURI(path: path, query: nil) else { return nil }
        return documents[uri.document]?.tag
    }

    /// Sends a request and does to the documents what its outcome says.
    ///
    /// - Parameter path: with the query, if there is one, behind a question mark.
    @discardableResult
    mutating func send(
        _ method: XCAPMethod, _ path: String, type: String? = nil, _ body: String = "",
        ifMatch: String? = nil, ifNoneMatch: String? = nil
    ) -> XCAPResponse {
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        let request = XCAPRequest(
            method, path: parts[0], query: parts.count > 1 ? parts[1] : nil, contentType: type,
            ifMatch: ifMatch.flatMap { EntityTagCondition($0) },
            ifNoneMatch: ifNoneMatch.flatMap { EntityTagCondition($0) }, body: Array(body.utf8), user: user)
        return send(request)
    }

    mutating func send(_ request: XCAPRequest) -> XCAPResponse {
        var present: StoredDocument?
        var selector: DocumentSelector?
        switch server.source(for: request) {
        case .none: break
        case .stored(let found):
            selector = found
            present = documents[found]
        case .computed(let computed): present = self.computed(computed)
        }
        let taken = taken
        let outcome = server.respond(to: request, present: present) { taken.contains($0) }
        if selector != nil { #expect(outcome.basis == present?.tag) }
        switch outcome.change {
        case nil: break
        case .store(let document)?:
            #expect(document.tag == server.entityTag(of: document.bytes))
            documents[selector!] = document
        case .delete?: documents[selector!] = nil
        }
        return outcome.response
    }

    private func computed(_ document: ComputedDocument) -> StoredDocument? {
        let bytes: [UInt8]
        switch document {
        case .capabilities: return nil
        case .directory(let owner):
            let entries = documents.filter { $0.key.owner == owner }.map {
                XCAPDirectoryUsage.Entry(selector: $0.key, tag: $0.value.tag, size: $0.value.bytes.count)
            }
            bytes = XCAPDirectoryUsage.document(entries: entries, root: server.root).serialized
        case .servicesIndex:
            let own = documents.filter { $0.key.auid == "rls-services" && $0.key.path == ["index"] }
            let sorted = own.sorted { $0.key.description < $1.key.description }
            bytes = RLSServicesUsage.index(of: sorted.map { try! XMLDocument(parsing: $0.value.bytes) }).serialized
        }
        return StoredDocument(bytes: bytes, tag: server.entityTag(of: bytes))
    }

    mutating func put(element body: String, at node: String) -> XCAPResponse {
        send(.put, "\(Self.document)/~~/\(node)", type: XCAPServer.elementType, body)
    }

    mutating func put(attribute body: String, at node: String) -> XCAPResponse {
        send(.put, "\(Self.document)/~~/\(node)", type: XCAPServer.attributeType, body)
    }

    mutating func get(_ node: String) -> XCAPResponse { send(.get, "\(Self.document)/~~/\(node)") }

    mutating func delete(_ node: String) -> XCAPResponse { send(.delete, "\(Self.document)/~~/\(node)") }
}

extension XCAPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The error element of a conflict report, such as `cannot-insert`; nil when there is no report.
    var condition: String? { report?.name.local }

    var report: XMLElement? {
        guard status == 409, contentType == ConflictReport.contentType else { return nil }
        return (try? XMLDocument(parsing: body))?.root.elements.first
    }
}
