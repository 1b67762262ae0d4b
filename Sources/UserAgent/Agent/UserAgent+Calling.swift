import Primitives
import SIPMessages
import SIPStack

/// Calls that are made here (RFC 3261 §13.2).
extension UserAgent {
    mutating func call(
        _ number: CallNumber, to uri: SIPURI, at now: Instant, into actions: inout [Action]
    ) {
        guard !calls.contains(where: { $0.number == number }) else { return }
        guard calls.count < configuration.maximumCalls else {
            actions.append(.callEnded(number, .failed("too many calls")))
            return
        }
        var negotiation = SessionNegotiation(media: configuration.media, session: now.secondsSince1970)
        let offer = negotiation.offer()
        // RFC 3261 §13.2.1: Contact, Allow and Supported belong into an INVITE, and the offer is its body.
        var headers = outsideDialog(.invite, to: NameAddress(uri: uri), callID: random.token(24), sequence: 1)
        headers += [
            (.contact, "<\(configuration.contact)>"), (.allow, Self.allow), (.supported, ""),
            (.accept, SessionDescription.contentType),
        ]
        let invite = SIPMessage.request(
            .invite, uri: uri, headers: headers, body: offer.bytes, contentType: SessionDescription.contentType)
        let tag = (try? invite.from)?.tag ?? ""
        calls.append(
            Call(number: number, phase: .calling, negotiation: negotiation, invite: invite, localTag: tag))
        send(invite, for: .invite(number), at: now, into: &actions)
    }

    /// A provisional response (RFC 3261 §13.2.2.1).
    mutating func progressed(
        _ number: CallNumber, _ response: SIPMessage, sent: SIPMessage, into actions: inout [Action]
    ) {
        guard let position = position(of: number), calls[position].phase == .calling,
            let status = response.statusCode, status > 100
        else { return }
        // RFC 3261 §12.1.2: one with a To tag makes an early dialog; the last one stands for the call until a 2xx
        // says which branch it is.
        if let dialog = Dialog(request: sent, response: response) { calls[position].dialog = dialog }
        if status == 180 { actions.append(.ringing(number)) }
    }

    /// A final response to an INVITE, or a further 2xx to it.
    mutating func answered(
        _ number: CallNumber, _ response: SIPMessage, sent: SIPMessage, at now: Instant, into actions: inout [Action]
    ) {
        guard let status = response.statusCode, let position = position(of: number) else { return }
        guard status < 300 else {
            // RFC 3261 §8.1.3.4: a redirection is left to the person.
            let end: CallEnd =
                calls[position].isGivenUp && status == 487
                ? .cancelled : .rejected(status: status, reason: response.reasonPhrase)
            remove(number, end, into: &actions)
            return
        }
        guard let dialog = Dialog(request: sent, response: response) else {
            // RFC 3261 §12.1.1: without a tag and a Contact there is no dialog, and nothing to acknowledge to.
            if calls[position].acknowledgement == nil {
                remove(number, .failed("the answer makes no dialog"), into: &actions)
            }
            return
        }
        if let acknowledgement = calls[position].acknowledgement {
            // RFC 3261 §13.2.2.4: every copy of the 2xx is acknowledged again; a 2xx of another branch makes another
            // dialog, which is acknowledged and ended.
            if calls[position].isIn(dialog.id) {
                sendAcknowledgement(acknowledgement, at: now, into: &actions)
            } else {
                endSurplus(dialog, invite: sent, at: now, into: &actions)
            }
            return
        }
        calls[position].dialog = dialog
        confirm(number, response, sent: sent, at: now, into: &actions)
    }

    /// The first 2xx: acknowledged at once, and the call is set up.
    private mutating func confirm(
        _ number: CallNumber, _ response: SIPMessage, sent: SIPMessage, at now: Instant, into actions: inout [Action]
    ) {
        guard let position = position(of: number), let dialog = calls[position].dialog,
            let sequence = try? sent.cseq.number
        else { return }
        let acknowledgement = dialog.acknowledgement(of: sequence, headers: Self.credentials(of: sent))
        calls[position].acknowledgement = acknowledgement
        sendAcknowledgement(acknowledgement, at: now, into: &actions)
        guard !calls[position].isGivenUp else {
            // RFC 3261 §9.1, §15.1: the answer crossed the CANCEL; the call that came to be is ended by a BYE.
            end(number, at: now, into: &actions)
            return
        }
        do {
            try calls[position].negotiation.take(answer: SessionDescription(parsing: response.body))
        } catch {
            // RFC 3261 §13.2.2.4: what can't go on after it was acknowledged is ended by a BYE.
            sendBye(of: number, for: .surplusBye, at: now, into: &actions)
            remove(number, .failed("the answer's session description: \(error)"), into: &actions)
            return
        }
        calls[position].phase = .established
        actions.append(.callAnswered(number, media: calls[position].negotiation.remote?.destination))
    }

    /// RFC 3261 §13.2.2.4, §22.1: an ACK carries the credentials of its INVITE, since nobody can challenge it.
    private static func credentials(of invite: SIPMessage) -> [(HeaderName, String)] {
        [HeaderName.authorization, .proxyAuthorization].flatMap { name in
            invite.values(name).map { (name, $0.string) }
        }
    }

    private mutating func sendAcknowledgement(_ ack: SIPMessage, at now: Instant, into actions: inout [Action]) {
        guard let hop = nextHop(of: ack) else { return }
        drive(.sendStatelessly(ack, to: hop), at: now, into: &actions)
    }

    /// A second answer of a forked INVITE.
    private mutating func endSurplus(
        _ other: Dialog, invite: SIPMessage, at now: Instant, into actions: inout [Action]
    ) {
        guard let sequence = try? invite.cseq.number else { return }
        var dialog = other
        let ack = dialog.acknowledgement(of: sequence, headers: Self.credentials(of: invite))
        sendAcknowledgement(ack, at: now, into: &actions)
        send(dialog.request(.bye), for: .surplusBye, at: now, into: &actions)
    }

    /// RFC 6026 §8.7: a 2xx whose transaction is forgotten is acknowledged while its call is known.
    mutating func acknowledgeAgain(_ response: SIPMessage, at now: Instant, into actions: inout [Action]) {
        guard let callID = try? response.callID, let tag = (try? response.to)?.tag,
            let call = calls.first(where: { $0.dialog?.id.callID == callID && $0.dialog?.id.remoteTag == tag }),
            let acknowledgement = call.acknowledgement
        else { return }
        sendAcknowledgement(acknowledgement, at: now, into: &actions)
    }

    /// No final response came to an INVITE.
    mutating func unanswered(_ number: CallNumber, status: Int, reason: String, into actions: inout [Action]) {
        guard let position = position(of: number) else { return }
        remove(
            number, calls[position].isGivenUp ? .cancelled : .rejected(status: status, reason: reason),
            into: &actions)
    }
}
