import Primitives
import SIPMessages

/// A MESSAGE to a list of recipients, taken apart (RFC 5365 §6, §7).
struct ListMessage: Sendable {
    /// Header fields that a copy has as the message had them; what belongs to one hop, one dialog or this service is not
    /// among them (RFC 5365 §7.2).
    private static let copied: [HeaderName] = [.date, .subject, .priority, "In-Reply-To", "Organization", "Expires"]

    let request: SIPMessage
    /// In the order of the list, each once (RFC 5363 §4.1).
    private(set) var recipients: [AddressOfRecord] = []
    /// Entries of the list that name no user.
    private(set) var strangers: [String] = []
    /// What is left of the body for the recipients: header fields that describe it, and itself.
    private let content: (headers: [(HeaderName, String)], body: [UInt8])
    private let sender: NameAddress

    /// - Throws: with the status of the answer, when there is no list, no message beside it, or too much of either.
    init(_ request: SIPMessage) throws(SIPParseError) {
        self.request = request
        var sender = try request.from
        sender.parameters = Parameters()
        self.sender = sender
        guard let type = try request.contentType, type.essence == "multipart/mixed",
            let boundary = type.parameters["boundary"]
        else { throw SIPParseError("A list of recipients and a message are expected as multipart/mixed") }
        var parts = try MultipartBody(parsing: request.body, boundary: boundary).parts
        guard let place = parts.firstIndex(where: Self.isList) else { throw SIPParseError("There is no list") }
        let list = parts.remove(at: place)
        guard !parts.isEmpty else { throw SIPParseError("There is no message beside the list") }
        content = Self.content(of: parts, type: type, boundary: boundary)
        try takeRecipients(from: list)
    }

    /// RFC 5363 §4.1: the disposition says which part is the list.
    private static func isList(_ part: MultipartBody.Part) -> Bool {
        let disposition = part["Content-Disposition"].map { String($0.prefix { $0 != ";" }).trimmed.lowercased() }
        return disposition == "recipient-list" && part.contentType?.essence == ResourceLists.contentType
    }

    private mutating func takeRecipients(from list: MultipartBody.Part) throws(SIPParseError) {
        let members: [ListMember]
        do {
            // RFC 5365 §7: lists are flat; references lead nowhere.
            members = FlatList(try ResourceList(parsing: list.content)).members
        } catch {
            throw SIPParseError(status: error == .tooLarge ? 413 : 400, "The list can't be used: \(error)")
        }
        guard !members.isEmpty else { throw SIPParseError("The list is empty") }
        guard members.count <= MessageListService.maximumRecipients else {
            throw SIPParseError(status: 413, "More than \(MessageListService.maximumRecipients) recipients")
        }
        for member in members {
            // RFC 5365 §7.3: methods, header fields and bodies in a URI may be left aside; only whom it names counts.
            if let recipient = member.presentity {
                recipients.append(recipient)
            } else {
                strangers.append(member.uri)
            }
        }
    }

    /// RFC 5365 §7.3: one part that is left stands for itself; several stay together.
    private static func content(
        of parts: [MultipartBody.Part], type: MediaType, boundary: String
    ) -> (headers: [(HeaderName, String)], body: [UInt8]) {
        guard parts.count == 1, let part = parts.first else {
            return ([(.contentType, "\(type)")], MultipartBody(parts: parts).serialized(boundary: boundary))
        }
        var headers = part.headers.filter { $0.name.lowercased().hasPrefix("content-") }
            .map { (HeaderName($0.name), $0.value) }.filter { $0.0 != .contentLength }
        // RFC 2046 §5.1: a part that says nothing of itself is text.
        if !headers.contains(where: { $0.0 == .contentType }) { headers.append((.contentType, "text/plain")) }
        return (headers, part.content)
    }

    /// What one recipient is sent.
    ///
    /// RFC 5365 §7.2: From is the sender's, with a tag of its own; To is the recipient; Call-ID, CSeq and Max-Forwards
    /// begin anew. There is no list in it, so it can't be multiplied again.
    func copy(for recipient: AddressOfRecord, _ random: inout RandomSource) -> SIPMessage {
        var from = sender
        from.tag = random.token()
        var headers: [(HeaderName, String)] = [
            (.maxForwards, "70"), (.from, "\(from)"), (.to, "<\(SIPURI(recipient))>"), (.callID, random.token(24)),
            (.cseq, "1 MESSAGE"),
        ]
        for name in Self.copied {
            if let value = request.value(name) { headers.append((name, value.string)) }
        }
        return .request(.message, uri: SIPURI(recipient), headers: headers + content.headers, body: content.body)
    }
}
