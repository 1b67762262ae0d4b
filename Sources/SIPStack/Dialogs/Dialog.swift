import Primitives
import SIPMessages

/// One end's state of a dialog (RFC 3261 §12): who the two are, where the peer is, how requests get there.
package struct Dialog: Hashable, Sendable {
    /// Whether a 2xx, or for a subscription a NOTIFY, has confirmed the dialog.
    package var isEarly: Bool
    package let id: DialogID
    /// Our own From in requests, with its tag.
    package private(set) var local: NameAddress
    /// The peer's To in requests, with its tag if it has one.
    package private(set) var remote: NameAddress
    /// The peer's contact: the Request-URI of requests.
    package private(set) var remoteTarget: SIPURI
    /// The proxies that requests pass, the next one first.
    package private(set) var routeSet: [NameAddress]
    /// The number of the last request that we sent; nil before the first.
    package private(set) var localSequence: UInt32?
    /// The number of the last request of the peer; nil before the first.
    package private(set) var remoteSequence: UInt32?

    /// The dialog of a user agent server (RFC 3261 §12.1.1).
    ///
    /// - Parameters:
    ///   - request: the INVITE, SUBSCRIBE or REFER that makes it.
    ///   - localTag: the To tag of our response.
    /// - Returns: nil when the request lacks a usable Contact, or its From, Call-ID or CSeq can't be read.
    package init?(accepting request: SIPMessage, localTag: String, isEarly: Bool = false) {
        guard let from = try? request.from, let to = try? request.to, let callID = try? request.callID,
            let cseq = try? request.cseq, let contact = (try? request.contacts)?.first,
            let routes = try? request.recordRoutes, routes.count <= Self.maximumRoutes
        else { return nil }
        // RFC 3261 §12.1.1: the route set is Record-Route in its order; the remote target is the Contact; the remote
        // sequence number is CSeq and the local one is empty. A missing From tag counts as an empty one.
        self.isEarly = isEarly
        id = DialogID(callID: callID, localTag: localTag, remoteTag: from.tag ?? "")
        local = to
        local.tag = localTag
        remote = from
        remoteTarget = contact.uri
        routeSet = routes
        remoteSequence = cseq.number
    }

    /// The dialog of a user agent client (RFC 3261 §12.1.2).
    ///
    /// - Parameters:
    ///   - request: what was sent, with its From tag and CSeq.
    ///   - response: the 101–299 that makes the dialog.
    /// - Returns: nil when the response has no To tag or no usable Contact.
    package init?(request: SIPMessage, response: SIPMessage) {
        guard let from = try? request.from, let to = try? response.to, let remoteTag = to.tag,
            let callID = try? request.callID, let cseq = try? request.cseq, let status = response.statusCode,
            (101..<300).contains(status), let contact = (try? response.contacts)?.first,
            let routes = try? response.recordRoutes, routes.count <= Self.maximumRoutes
        else { return nil }
        // RFC 3261 §12.1.2: the route set is Record-Route in reverse; the local sequence number is that of the request.
        isEarly = status < 200
        id = DialogID(callID: callID, localTag: from.tag ?? "", remoteTag: remoteTag)
        local = from
        remote = to
        remoteTarget = contact.uri
        routeSet = routes.reversed()
        localSequence = cseq.number
    }

    /// The dialog that a NOTIFY makes for a subscriber (RFC 6665 §4.4.1).
    ///
    /// - Parameters:
    ///   - subscribe: the SUBSCRIBE that was sent.
    ///   - notify: a NOTIFY to its From tag and Call-ID.
    package init?(subscribe: SIPMessage, notify: SIPMessage) {
        guard let from = try? subscribe.from, let cseq = try? subscribe.cseq, let localTag = from.tag,
            let dialog = Dialog(accepting: notify, localTag: localTag)
        else { return nil }
        self = dialog
        local = from
        localSequence = cseq.number
    }

    /// A route set longer than the 70 hops that Max-Forwards allows is nobody's.
    static let maximumRoutes = 70

    /// Makes the next request of this dialog (RFC 3261 §12.2.1.1). Via is left to the transaction layer.
    ///
    /// - Parameter headers: what the request carries besides Request-URI, Route, From, To, Call-ID, CSeq and
    ///   Max-Forwards.
    package mutating func request(
        _ method: SIPMethod, headers: [(HeaderName, String)] = [], body: [UInt8] = [], contentType: String? = nil
    ) -> SIPMessage {
        // RFC 3261 §12.2.1.1: CSeq grows by one with every request; CANCEL and ACK take that of the INVITE and are
        // not made here. An end that has sent nothing yet chooses its first number.
        let sequence = (localSequence ?? 0) &+ 1
        localSequence = sequence
        return request(method, sequence: sequence, headers: headers, body: body, contentType: contentType)
    }

    /// The ACK to a 2xx of the INVITE with this CSeq number (RFC 3261 §13.2.2.4).
    package func acknowledgement(of sequence: UInt32, headers: [(HeaderName, String)] = []) -> SIPMessage {
        request(.ack, sequence: sequence, headers: headers, body: [], contentType: nil)
    }

    private func request(
        _ method: SIPMethod, sequence: UInt32, headers: [(HeaderName, String)], body: [UInt8], contentType: String?
    ) -> SIPMessage {
        // RFC 3261 §12.2.1.1: with a loose router first, or no route set, the Request-URI is the remote target and
        // Route the route set. A strict router first takes the place of the Request-URI, and the target goes last.
        var uri = remoteTarget
        var routes = routeSet
        if let first = routes.first, !first.uri.isLooseRouter {
            uri = first.uri
            uri.headers = []
            uri.parameters.remove("method")
            routes.removeFirst()
            routes.append(NameAddress(uri: remoteTarget))
        }
        var all: [(HeaderName, String)] = routes.map { (.route, "<\($0.uri)>\($0.parameters)") }
        all.append((.maxForwards, "70"))
        all.append((.from, local.description))
        all.append((.to, remote.description))
        all.append((.callID, id.callID))
        all.append((.cseq, "\(sequence) \(method)"))
        return .request(method, uri: uri, headers: all + headers, body: body, contentType: contentType)
    }

    /// Takes note of a request of the peer within this dialog.
    ///
    /// - Returns: false when it is older than one that came before: it is answered with a 500 (RFC 3261 §12.2.2).
    package mutating func receive(_ request: SIPMessage) -> Bool {
        guard let cseq = try? request.cseq else { return false }
        // An ACK has the number of its INVITE, which is not older than itself.
        if let remoteSequence, cseq.number < remoteSequence || (cseq.number == remoteSequence && cseq.method != .ack) {
            return false
        }
        remoteSequence = cseq.number
        refreshTarget(from: request)
        return true
    }

    /// Takes note of a response to a request of ours within this dialog.
    package mutating func receive(response: SIPMessage) {
        guard let status = response.statusCode, (200..<300).contains(status) else { return }
        refreshTarget(from: response)
        isEarly = false
    }

    /// RFC 3261 §12.2.1.2, §12.2.2, RFC 3311 §5.2, RFC 6665 §4.1.2: target refresh requests and their 2xx carry the
    /// peer's Contact, which replaces the remote target. The route set stays.
    private mutating func refreshTarget(from message: SIPMessage) {
        guard let method = (try? message.cseq)?.method,
            [.invite, .update, .subscribe, .notify, .refer].contains(method),
            let contact = (try? message.contacts)?.first
        else { return }
        remoteTarget = contact.uri
    }

    /// The URI that says where the next request goes: the first route, else the remote target (RFC 3261 §12.2.1.1,
    /// §8.1.2).
    package var nextURI: SIPURI { routeSet.first?.uri ?? remoteTarget }
}

extension Dialog {
    private static let version: UInt8 = 1

    /// The dialog as bytes, to outlive the process.
    package func encode() -> [UInt8] {
        var writer = ByteWriter(reserving: 512)
        writer.uint8(Self.version)
        writer.uint8(isEarly ? 1 : 0)
        for text in [id.callID, id.localTag, id.remoteTag, "\(local)", "\(remote)", "\(remoteTarget)"] {
            writer.string16(text)
        }
        writer.uint8(UInt8(clamping: routeSet.count))
        for route in routeSet { writer.string16("\(route)") }
        for number in [localSequence, remoteSequence] {
            writer.uint8(number == nil ? 0 : 1)
            writer.uint32(number ?? 0)
        }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        guard try reader.uint8() == Self.version else { throw MalformedBytes("dialog of an unknown version") }
        isEarly = try reader.uint8() != 0
        id = DialogID(
            callID: try reader.string16(), localTag: try reader.string16(), remoteTag: try reader.string16())
        local = try Self.address(try reader.string16())
        remote = try Self.address(try reader.string16())
        guard let target = SIPURI(try reader.string16()) else { throw MalformedBytes("dialog without a target") }
        remoteTarget = target
        routeSet = []
        for _ in 0..<(try reader.uint8()) { routeSet.append(try Self.address(try reader.string16())) }
        localSequence = try Self.number(&reader)
        remoteSequence = try Self.number(&reader)
        try reader.end()
    }

    private static func address(_ text: String) throws(MalformedBytes) -> NameAddress {
        do throws(SIPParseError) {
            return try NameAddress(HeaderText(text))
        } catch {
            throw MalformedBytes("malformed address in a dialog")
        }
    }

    private static func number(_ reader: inout ByteReader) throws(MalformedBytes) -> UInt32? {
        let isThere = try reader.uint8() != 0
        let number = try reader.uint32()
        return isThere ? number : nil
    }
}
