import Dispatch
import Primitives
import Testing

/// A phone's end of an HTTP connection. Its blocking calls run on a thread of their own, since the server's tasks need
/// those of the tests.
final class HTTPPeer: Sendable {
    /// What a server answers.
    struct Response {
        var status: Int
        /// By names in lower case.
        var fields: [String: String]
        var body: String
        /// Every `WWW-Authenticate`, in their order.
        var challenges: [String] = []
    }

    private let socket: BlockingSocket
    private let queue = DispatchQueue(label: "HTTP peer")

    init(connectingTo endpoint: Endpoint) throws { socket = try BlockingSocket(connectingTo: endpoint) }

    private func perform<Value: Sendable>(_ work: @escaping @Sendable (BlockingSocket) -> Value) async -> Value {
        let socket = socket
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work(socket)) }
        }
    }

    func write(_ text: String) async { await perform { $0.write(text) } }

    func endWriting() async { await perform { $0.endWriting() } }

    var isClosedByPeer: Bool { get async { await perform { $0.isClosedByPeer } } }

    /// The next response; nil when the connection ends before one.
    ///
    /// - Parameter hasBody: false for the answer to HEAD.
    func response(hasBody: Bool = true) async -> Response? {
        await perform { Self.response(from: $0, hasBody: hasBody) }
    }

    private static func response(from socket: BlockingSocket, hasBody: Bool) -> Response? {
        func line() -> String { socket.readLine().replacing("\r", with: "") }
        let words = line().split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else { return nil }
        var response = Response(status: status, fields: [:], body: "")
        while case let field = line(), !field.isEmpty {
            let parts = field.split(separator: ":", maxSplits: 1)
            let value = String(parts[1].drop { $0 == " " })
            response.fields[parts[0].lowercased()] = value
            if parts[0].lowercased() == "www-authenticate" { response.challenges.append(value) }
        }
        if hasBody, let length = response.fields["content-length"].flatMap({ Int($0) }) {
            response.body = socket.read(length)
        }
        return response
    }

    /// Whether a request on this connection gets a response.
    var isServed: Bool {
        get async {
            await perform {
                $0.canWrite(Self.request("GET /xcap-root/a")) && Self.response(from: $0, hasBody: true) != nil
            }
        }
    }

    /// Sends a request of HTTP/1.1 and awaits the response.
    func request(_ line: String, fields: [String] = [], body: String? = nil) async -> Response? {
        await write(Self.request(line, fields: fields, body: body))
        return await response(hasBody: !line.hasPrefix("HEAD"))
    }

    static func request(_ line: String, fields: [String] = [], body: String? = nil) -> String {
        let length = body.map { ["Content-Length: \($0.utf8.count)"] } ?? []
        let lines = ["\(line) HTTP/1.1", "Host: example.org"] + fields + length + ["", body ?? ""]
        return lines.joined(separator: "\r\n")
    }
}
