import Primitives

extension SIPMessage {
    /// Header fields of which a message has exactly one each (RFC 3261 §8.1.1, table 2).
    private static let mandatory: [HeaderName] = [.to, .from, .cseq, .callID]
    /// Header fields that stand at most once, because two of them would be read differently by different elements
    /// (RFC 3261 §7.3.1, RFC 4475 §3.3.8).
    private static let single: [HeaderName] = [
        .maxForwards, .contentType, .event, .expires, .sipETag, .sipIfMatch, .subscriptionState,
    ]

    /// Why this message must not be processed; nil when nothing speaks against it. A request is answered with the
    /// fault, a response that has one is dropped (RFC 3261 §18.1.2, §8.1.3).
    ///
    /// What is checked is what every element reads (RFC 3261 §16.3 step 1): start line, Via, From, To, Call-ID, CSeq,
    /// Contact, Max-Forwards, Content-Length. All else is read, and refused, by whoever needs it.
    ///
    /// - Parameter schemes: those of the Request-URIs that the element understands (RFC 3261 §16.3 step 2). A call for
    ///   help is understood everywhere.
    package func validation(schemes: [SIPURI.Scheme] = [.sip, .sips, .tel]) -> MessageFault? {
        guard isVersionSupported else { return MessageFault(status: 505, reason: "Version Not Supported") }
        do {
            try validateFields()
            try validateLength()
            if isRequest { try validateRequestLine(schemes) }
        } catch {
            return MessageFault(error)
        }
        return nil
    }

    private func validateFields() throws(SIPParseError) {
        // One bit for each known name, as every message that comes in is looked through.
        var present: UInt128 = 0
        var repeated: UInt128 = 0
        for field in index.fields {
            repeated |= present & field.header.bit
            present |= field.header.bit
        }
        // A message without a Via can't be answered, but is refused all the same.
        guard present & KnownHeader.via.bit != 0 else { throw .missing(.via) }
        for name in Self.mandatory {
            if present & name.known.bit == 0 { throw .missing(name) }
            if repeated & name.known.bit != 0 { throw SIPParseError("Multiple \(name) header fields") }
        }
        for name in Self.single where repeated & name.known.bit != 0 {
            throw SIPParseError("Multiple \(name) header fields")
        }
        let vias = try vias
        _ = try from
        _ = try to
        _ = try callID
        let cseq = try self.cseq
        if isRequest, let method, cseq.method != method {
            // A method nobody knows may have a reason for it (RFC 4475 §3.1.2.18).
            if case .other = method { throw SIPParseError(status: 501, StatusCode.reasonPhrase(501)) }
            throw SIPParseError("CSeq method does not match request method")
        }
        if !isContactWildcard { _ = try contacts }
        if !isRequest { try Self.validateReturnPath(vias) }
    }

    /// Content-Length = number of octets of the body; in a datagram it must not be larger than what is there
    /// (RFC 3261 §18.3).
    private func validateLength() throws(SIPParseError) {
        guard let length = try contentLength else { return }
        if length > body.count { throw SIPParseError("Content-Length larger than message") }
    }

    private func validateRequestLine(_ schemes: [SIPURI.Scheme]) throws(SIPParseError) {
        guard let uri = requestURI else { throw SIPParseError("Malformed Request-URI") }
        // Neither headers nor a method parameter may stand in a Request-URI (RFC 3261 §19.1.1, table 1).
        guard uri.headers.isEmpty else { throw SIPParseError("Header fields in Request-URI") }
        guard schemes.contains(uri.scheme) || uri.isEmergencyService else {
            throw SIPParseError(status: 416, StatusCode.reasonPhrase(416))
        }
        _ = try maxForwards
    }

    /// A response goes where its Via header fields say; one that would make a proxy send to a broadcast address is an
    /// attack (RFC 4475 §3.3.10).
    private static func validateReturnPath(_ vias: [Via]) throws(SIPParseError) {
        for via in vias where IPAddress(via.host) == IPAddress(v4: .max) {
            throw SIPParseError("Broadcast address in Via header field")
        }
    }

    /// What is to be answered when a header field demands extensions that are not understood: 420 with an Unsupported
    /// header field that lists them (RFC 3261 §8.2.2.3, §16.3 step 5); nil when there is none.
    ///
    /// - Parameter name: `.require` for the element a request is meant for, `.proxyRequire` for one it passes.
    package func extensionFault(_ name: HeaderName, understood: [String]) -> MessageFault? {
        let demanded: [String]
        do { demanded = try tokens(name) } catch { return MessageFault(error) }
        let unknown = demanded.filter { tag in !understood.contains { ASCII.equalIgnoringCase($0, tag) } }
        guard !unknown.isEmpty else { return nil }
        return MessageFault(
            status: 420, reason: StatusCode.reasonPhrase(420),
            headers: [.init(name: .unsupported, value: unknown.joined(separator: ", "))])
    }
}
