import Primitives
import XCAP
import XMLTree

/// Sends a made-up request to a server that holds a made-up document, and says which promise was broken.
///
/// The input is a line with method, media type and path, then the body, a line of four dashes and the document.
struct XCAPExerciser {
    /// The first broken promise; nil while all are kept.
    private(set) var complaint: String?

    private static let user = AddressOfRecord("joe@example.com")!
    private static let server = XCAPServer(root: XCAPRoot("http://xcap.example.com")!) { bytes in
        // FNV-1a: enough to tell documents apart.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<8).map { UInt8(truncatingIfNeeded: hash >> UInt64(8 * $0)) }
    }

    init(_ bytes: [UInt8]) {
        guard let lineEnd = bytes.firstIndex(of: 10) else { return }
        let words = String(decoding: bytes[..<lineEnd], as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count == 3 else { return }
        let parts = bytes[(lineEnd + 1)...].split(
            separator: Array("\n----\n".utf8), maxSplits: 1, omittingEmptySubsequences: false)
        let target = words[2].split(separator: "?", maxSplits: 1).map(String.init)
        guard let path = target.first else { return }
        let request = XCAPRequest(
            XCAPMethod(String(words[0])), path: path, query: target.count > 1 ? target[1] : nil,
            contentType: String(words[1]), body: Array(parts[0]), user: Self.user)
        // What is held went through the server once; so only what it would take is held.
        let held = parts.count > 1 ? Array(parts[1]) : nil
        let present = held.flatMap { Self.accepted($0, at: path) }
        _ = Self.server.source(for: request)
        check(Self.server.respond(to: request, present: present), of: request)
    }

    /// A document as it comes to be held by a PUT of the whole.
    private static func accepted(_ document: [UInt8], at path: String) -> StoredDocument? {
        let whole = path.split(separator: "/~~").first.map(String.init) ?? path
        for type in ["resource-lists", "rls-services", "auth-policy", "pidf", "vnd.oma.pres-content"] {
            let put = XCAPRequest(
                .put, path: whole, contentType: "application/\(type)+xml", body: document, user: user)
            if case .store(let stored) = server.respond(to: put, present: nil).change { return stored }
        }
        return nil
    }

    private mutating func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
        if !holds, complaint == nil { complaint = what() }
    }

    private mutating func check(_ outcome: XCAPOutcome, of request: XCAPRequest) {
        let status = outcome.response.status
        expect([200, 201, 304, 400, 403, 404, 405, 409, 412, 414, 415].contains(status), "status \(status)")
        guard case .store(let stored) = outcome.change else { return }
        expect([200, 201].contains(status), "stored with \(status)")
        expect((try? XMLDocument(parsing: stored.bytes)) != nil, "what is stored can't be read")
        guard request.method == .put else { return }
        // RFC 4825 §7.9: what was put is what is got.
        var get = request
        get.method = .get
        get.body = []
        let got = Self.server.respond(to: get, present: stored)
        expect(got.response.status == 200, "a GET after the PUT gives \(got.response.status)")
        // RFC 4825 §8.2.4: doing it again changes nothing.
        let again = Self.server.respond(to: request, present: stored)
        expect(again.response.status == 200, "the same PUT again gives \(again.response.status)")
    }
}
