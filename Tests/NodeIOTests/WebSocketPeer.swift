import Primitives

/// A WebSocket client by plain bytes, which does what a test says, right or wrong.
struct WebSocketPeer {
    let socket: BlockingSocket

    /// Connects and sends the request of the handshake; its answer is still to be read.
    init(_ endpoint: Endpoint, subprotocol: String? = "sip") throws {
        socket = try BlockingSocket(connectingTo: endpoint)
        var request = "GET / HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        request += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        if let subprotocol { request += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        socket.write(request + "\r\n")
    }

    /// The head of an HTTP answer, without the carriage returns.
    func readHead() -> [String] {
        var lines: [String] = []
        while let line = Optional(socket.readLine().replacing("\r", with: "")), !line.isEmpty { lines.append(line) }
        return lines
    }

    /// Sends a frame (RFC 6455 §5.2), masked as a client must.
    func write(_ opcode: UInt8, _ payload: String, isFinal: Bool = true, isMasked: Bool = true) {
        let bytes = Array(payload.utf8)
        var frame: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        let mask: UInt8 = isMasked ? 0x80 : 0
        switch bytes.count {
        case ..<126: frame.append(mask | UInt8(bytes.count))
        default: frame += [mask | 126, UInt8(bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)]
        }
        let key: [UInt8] = [1, 2, 3, 4]
        if isMasked { frame += key }
        frame += bytes.enumerated().map { isMasked ? $1 ^ key[$0 % 4] : $1 }
        socket.write(frame)
    }

    /// The next frame of the server's, of fewer than 65,536 bytes.
    func read() -> (opcode: UInt8, payload: String) {
        let head = socket.readBytes(2)
        guard head.count == 2 else { return (0xFF, "") }
        var count = Int(head[1])
        if count == 126 {
            let long = socket.readBytes(2)
            count = Int(long[0]) << 8 | Int(long[1])
        }
        return (head[0], socket.read(count))
    }
}
