import HTTPTypes
import HummingbirdCore
import NIOCore
import OverlayNode
import Primitives

/// Makes an ``XCAPCall`` of each HTTP request, and an HTTP response of its answer.
struct XCAPResponder: Sendable {
    /// Thrown once a request has been refused by its header alone: the rest of it is not read, so the connection ends.
    private struct Refused: Error {}

    let limits: XCAPEndpointLimits
    let connections: XCAPConnections
    let answer: @Sendable (XCAPCall) async -> XCAPAnswer

    func respond(to request: Request, with writer: consuming ResponseWriter, on channel: any Channel) async throws {
        guard let remote = Endpoint(channel.remoteAddress)?.address,
            var call = Self.call(request.head, from: remote)
        else { return try await refuse(XCAPAnswer(status: 404), with: writer) }
        // Without a length the body comes in chunks, which are counted as they come.
        let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard length <= limits.body else { return try await refuse(XCAPAnswer(status: 413), with: writer) }
        guard connections.beginCall() else { return try await refuse(.unavailable, with: writer) }
        defer { connections.endCall() }
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        guard let body = try await body(of: request) else {
            return try await refuse(XCAPAnswer(status: 413), with: writer)
        }
        call.body = body
        try await write(await answer(call), isHead: request.method == .head, with: writer)
    }

    /// The call that a request is, without its body; nil when it is not about anything below the root.
    private static func call(_ head: HTTPRequest, from remote: IPAddress) -> XCAPCall? {
        let target = head.path ?? ""
        let parts = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let root = XCAPListener.rootPath.utf8
        guard let path = parts.first, path.starts(with: root) else { return nil }
        let rest = path.dropFirst(root.count)
        guard rest.isEmpty || rest.first == UInt8(ascii: "/") else { return nil }
        // The types of HTTP set the first Host field apart.
        let host = head.authority.map { [XCAPCall.Field("host", $0)] } ?? []
        return XCAPCall(
            method: head.method.rawValue, path: String(Substring(rest)),
            query: parts.count > 1 ? String(Substring(parts[1])) : nil, target: target,
            fields: host + head.headerFields.map { .init($0.name.canonicalName, $0.value) }, remote: remote)
    }

    /// The whole body; nil when it is longer than it may be.
    private func body(of request: Request) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= limits.body else { return nil }
            bytes += part.readableBytesView
        }
        return bytes
    }

    private func refuse(_ answer: XCAPAnswer, with writer: consuming ResponseWriter) async throws {
        var answer = answer
        answer.fields.append(.init("connection", "close"))
        try await write(answer, isHead: true, with: writer)
        throw Refused()
    }

    private func write(_ answer: XCAPAnswer, isHead: Bool, with writer: consuming ResponseWriter) async throws {
        var fields = HTTPFields()
        for field in answer.fields {
            guard let name = HTTPField.Name(field.name) else { continue }
            fields.append(HTTPField(name: name, value: field.value))
        }
        let status = HTTPResponse.Status(code: answer.status)
        // Neither has a body, and a 304's length would be that of what it stands for (RFC 9110 §8.6).
        if status != .noContent, status != .notModified { fields[.contentLength] = String(answer.body.count) }
        fields[.date] = HTTPDate.now()
        fields[.server] = "starling"
        let body = isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        try await writer.write(response: HTTPResponse(status: status, headerFields: fields), body: body)
    }
}
