import Primitives
import SIPMessages

/// The dialog that a subscription lives in (RFC 6665 §4.4.1, RFC 3261 §12), on either side of it.
///
/// What is only ever copied into requests is kept as the text that it is.
package struct SubscriptionDialog: Hashable, Sendable {
    package var callID: String
    package var localTag: String
    /// Empty while it is not known.
    package var remoteTag: String
    /// What From says in requests of ours, tag included.
    package var local: String
    /// What To says in requests of ours, tag included once it is known.
    package var remote: String
    /// Where requests of ours go in the end.
    package var remoteTarget: SIPURI
    /// Route values, the next hop first.
    package var routeSet: [String]
    /// The CSeq number of our last request; 0 before the first.
    package var localSequence: UInt32
    /// The CSeq number of the other side's last request; nil before the first.
    package var remoteSequence: UInt32?

    /// A dialog that a SUBSCRIBE makes, seen from its notifier.
    ///
    /// RFC 3261 §12.1.1: the route set is the Record-Route header fields in their order, the remote target the
    /// Contact, and the tag of To is ours.
    package init(accepting request: SIPMessage, localTag: String) throws(SIPParseError) {
        callID = try request.callID
        guard let remoteTag = try request.from.tag, !remoteTag.isEmpty else {
            throw SIPParseError("From without a tag")
        }
        _ = try request.to
        guard let to = request.value(.to), let from = request.value(.from) else { throw SIPParseError("No To or From") }
        self.localTag = localTag
        self.remoteTag = remoteTag
        local = "\(to.string);tag=\(localTag)"
        remote = from.string
        remoteTarget = try Self.target(of: request)
        routeSet = try Self.routes(of: request)
        localSequence = 0
        remoteSequence = try request.cseq.number
        try checkSize(with: remoteTarget)
    }

    private func checkSize(with target: SIPURI) throws(SIPParseError) {
        let texts = [callID, local, remote, target.description] + routeSet
        let size = texts.reduce(0) { $0 + $1.utf8.count }
        guard size <= Self.maximumSize else { throw SIPParseError("The dialog's header fields are too long") }
    }

    /// In bytes. A dialog is kept for as long as a peer likes, in memory and in the journal.
    private static let maximumSize = 4_096

    /// What a subscriber begins with: half a dialog, until the first NOTIFY completes it.
    package init(callID: String, localTag: String, local: String, remote: String, remoteTarget: SIPURI) {
        self.callID = callID
        self.localTag = localTag
        remoteTag = ""
        self.local = local
        self.remote = remote
        self.remoteTarget = remoteTarget
        routeSet = []
        localSequence = 0
        remoteSequence = nil
    }

    /// The proxies in a dialog are bounded by what a message can hold; more than a handful is a loop or an attack.
    private static let maximumRoutes = 32

    /// RFC 3261 §12.1.1: the Record-Route values in their order, as a UAS takes them.
    package static func routes(of request: SIPMessage) throws(SIPParseError) -> [String] {
        let routes = try request.recordRoutes
        guard routes.count <= maximumRoutes else { throw SIPParseError("Too many Record-Route header fields") }
        return routes.map(\.description)
    }

    /// RFC 6665 §8.2: SUBSCRIBE and NOTIFY carry exactly one Contact, which names where requests go from now on.
    package static func target(of request: SIPMessage) throws(SIPParseError) -> SIPURI {
        let contacts = try request.contacts
        guard contacts.count == 1, let uri = contacts.first?.uri, uri.isSIP else {
            throw SIPParseError("Exactly one SIP Contact is needed")
        }
        return uri
    }

    /// A request within the dialog, its CSeq number one higher than the last.
    package mutating func request(
        _ method: SIPMethod, headers: [(HeaderName, String)], body: [UInt8] = []
    ) -> SIPMessage {
        localSequence += 1
        var target = remoteTarget
        var routes = routeSet
        // RFC 3261 §12.2.1.1: a first route without `lr` is a strict router: it is put into the Request-URI, and
        // the remote target becomes the last route.
        if let first = routes.first, let address = try? NameAddress(HeaderText(first), of: .route),
            !address.uri.isLooseRouter
        {
            routes.removeFirst()
            routes.append("<\(remoteTarget)>")
            target = address.uri
        }
        var fields: [(HeaderName, String)] = [
            (.maxForwards, "70"), (.from, local), (.to, remote), (.callID, callID),
            (.cseq, "\(localSequence) \(method)"),
        ]
        for route in routes { fields.append((.route, route)) }
        fields += headers
        return SIPMessage.request(method, uri: target, headers: fields, body: body)
    }

    /// Takes note of a request of the other side's within the dialog.
    ///
    /// RFC 3261 §12.2.2: a lower CSeq number than the last is out of order and must be refused; a gap is none of
    /// our business. An equal one is accepted: it is a retransmission that a restart made us forget. A target refresh
    /// request, as SUBSCRIBE and NOTIFY are, moves the remote target.
    /// - Returns: false when the request is out of order.
    package mutating func take(_ request: SIPMessage) throws(SIPParseError) -> Bool {
        let number = try request.cseq.number
        if let last = remoteSequence, number < last { return false }
        let target = try Self.target(of: request)
        try checkSize(with: target)
        remoteTarget = target
        remoteSequence = number
        return true
    }
}

extension SubscriptionDialog {
    func encode(into writer: inout ByteWriter) {
        for text in [callID, localTag, remoteTag, local, remote, remoteTarget.description] { writer.string16(text) }
        writer.uint16(UInt16(routeSet.count))
        for route in routeSet { writer.string16(route) }
        writer.uint32(localSequence)
        writer.uint8(remoteSequence == nil ? 0 : 1)
        writer.uint32(remoteSequence ?? 0)
    }

    init(decoding reader: inout ByteReader) throws(MalformedBytes) {
        callID = try reader.string16()
        localTag = try reader.string16()
        remoteTag = try reader.string16()
        local = try reader.string16()
        remote = try reader.string16()
        guard let target = SIPURI(try reader.string16()) else { throw MalformedBytes("a dialog without a target") }
        remoteTarget = target
        routeSet = []
        for _ in 0..<(try reader.uint16()) { routeSet.append(try reader.string16()) }
        localSequence = try reader.uint32()
        let hasSequence = try reader.uint8() == 1
        let sequence = try reader.uint32()
        remoteSequence = hasSequence ? sequence : nil
    }
}
