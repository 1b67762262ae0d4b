import Primitives
import SIPMessages
import SIPStack

/// MESSAGE (RFC 3428), in both directions.
extension UserAgent {
    /// The only kind of text taken.
    private static let textType = MediaType("text", "plain")

    mutating func sendMessage(
        _ number: UInt64, to uri: SIPURI, text: String, at now: Instant, into actions: inout [Action]
    ) {
        // RFC 3428 §4: outside any dialog, without a Contact; each message has a Call-ID of its own, since nothing
        // says that two of them belong together.
        let headers = outsideDialog(
            .message, to: NameAddress(uri: uri), callID: random.token(24), sequence: 1)
        let request = SIPMessage.request(
            .message, uri: uri, headers: headers, body: Array(text.utf8), contentType: "text/plain;charset=UTF-8")
        send(request, for: .message(number), at: now, into: &actions)
    }

    /// RFC 3428 §7: a MESSAGE is answered when it has been taken, not when it has been read; a type that can't be
    /// shown is refused with 415 (RFC 3261 §8.2.3).
    mutating func receiveMessage(
        _ request: SIPMessage, _ id: ServerTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        guard let from = try? request.from else { return }
        let type = try? request.contentType
        guard type == nil || type?.essence == Self.textType.essence else {
            respond(id, to: request, 415, headers: [(.accept, Self.textType.description)], at: now, into: &actions)
            return
        }
        respond(id, to: request, 200, at: now, into: &actions)
        actions.append(.messageReceived(from: from, text: String(decoding: request.body, as: UTF8.self)))
    }
}
