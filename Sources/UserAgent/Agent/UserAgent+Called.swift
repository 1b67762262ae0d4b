import Primitives
import SIPMessages
import SIPStack

/// Calls that come in (RFC 3261 §13.3), and INVITEs within a call (§14.2).
extension UserAgent {
    /// RFC 3261 §13.3.1.1: while it rings the caller is told so every minute.
    private static let ringingInterval = Interval.seconds(60)

    mutating func receiveInvite(
        _ request: SIPMessage, _ id: ServerTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        guard (try? request.to)?.tag == nil else {
            receiveInviteInside(request, id, at: now, into: &actions)
            return
        }
        guard calls.count < configuration.maximumCalls else {
            respond(id, to: request, 486, at: now, into: &actions)
            return
        }
        let tag = random.token(10)
        // RFC 3261 §12.1.1: a request that makes a dialog has a Contact.
        guard let from = try? request.from,
            let dialog = Dialog(accepting: request, localTag: tag, isEarly: true)
        else {
            respond(id, to: request, 400, "Missing Contact header field", at: now, into: &actions)
            return
        }
        var negotiation = SessionNegotiation(media: configuration.media, session: now.secondsSince1970)
        guard let answer = negotiated(request, with: &negotiation, id, at: now, into: &actions) else { return }
        lastReceivedCall += 1
        let number = CallNumber.received(lastReceivedCall)
        var call = Call(
            number: number, phase: .ringing(id), negotiation: negotiation, invite: request, localTag: tag,
            dialog: dialog)
        call.description = answer
        calls.append(call)
        // RFC 3261 §13.3.1: an invitation with an Expires header field is not wanted any longer after that time.
        if let seconds = request.expires { timers.set(.invitation(number), to: now + .seconds(seconds)) }
        ringAgain(number, at: now, into: &actions)
        actions.append(.incomingCall(number, from: from))
    }

    /// The description for the 2xx: the answer to the offer in `request`, or an offer when there is none in it.
    /// Where that can't be, the request is refused.
    private mutating func negotiated(
        _ request: SIPMessage, with negotiation: inout SessionNegotiation, _ id: ServerTransactionID, at now: Instant,
        into actions: inout [Action]
    ) -> SessionDescription? {
        guard !request.body.isEmpty else { return negotiation.offer() }
        let type = try? request.contentType
        guard type == nil || type?.essence == SessionDescription.contentType else {
            // RFC 3261 §8.2.3: a body of another type is refused, with those that are taken in Accept.
            respond(
                id, to: request, 415, headers: [(.accept, SessionDescription.contentType)], at: now, into: &actions)
            return nil
        }
        guard let offer = try? SessionDescription(parsing: request.body) else {
            respond(id, to: request, 400, "Malformed session description", at: now, into: &actions)
            return nil
        }
        guard let answer = negotiation.answer(offer) else {
            // RFC 3261 §13.3.1.3, §20.43: an offer that can't be taken is refused with a reason in Warning.
            let agent = configuration.contact.host
            respond(
                id, to: request, 488, headers: [(.warning, "305 \(agent) \"No audio in a format known here\"")],
                at: now, into: &actions)
            return nil
        }
        return answer
    }

    /// Tells the caller that it rings.
    mutating func ringAgain(_ number: CallNumber, at now: Instant, into actions: inout [Action]) {
        guard let position = position(of: number), case .ringing(let id) = calls[position].phase else { return }
        let call = calls[position]
        let ringing = response(
            to: call.invite, of: call, 180, headers: [(.contact, "<\(configuration.contact)>"), (.allow, Self.allow)])
        timers.set(.ringing(number), to: now + Self.ringingInterval)
        drive(.respond(id, ringing), at: now, into: &actions)
    }

    /// Answers a call that rings.
    mutating func answer(_ number: CallNumber, at now: Instant, into actions: inout [Action]) {
        guard let position = position(of: number), case .ringing(let id) = calls[position].phase else { return }
        timers.remove(.ringing(number))
        timers.remove(.invitation(number))
        calls[position].phase = .answered
        calls[position].dialog?.isEarly = false
        accept(calls[position].invite, id, number: number, at: now, into: &actions)
    }

    /// Sends a 2xx to an INVITE, and again until it is acknowledged.
    private mutating func accept(
        _ invite: SIPMessage, _ id: ServerTransactionID, number: CallNumber, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let position = position(of: number), let description = calls[position].description,
            let sequence = try? invite.cseq.number
        else { return }
        // RFC 3261 §13.3.1.4: Contact, Allow and Supported belong into a 2xx. It is repeated from T1 on, twice as long
        // each time up to T2, over any transport, for 64*T1.
        let accepted = response(
            to: invite, of: calls[position], 200,
            headers: [(.contact, "<\(configuration.contact)>"), (.allow, Self.allow), (.supported, "")],
            body: description.bytes)
        calls[position].answer = PendingAnswer(
            transaction: id, response: accepted, sequence: sequence, interval: configuration.timers.t1,
            end: now + configuration.timers.t1 * 64, isOffer: invite.body.isEmpty)
        timers.set(.answer(number), to: now + configuration.timers.t1)
        drive(.respond(id, accepted), at: now, into: &actions)
    }

    mutating func answerIsDue(_ number: CallNumber, at now: Instant, into actions: inout [Action]) {
        guard let position = position(of: number), var answer = calls[position].answer else { return }
        guard now < answer.end else {
            // RFC 3261 §13.3.1.4: 64*T1 without an ACK: the dialog is there, but the session is ended by a BYE.
            calls[position].answer = nil
            sendBye(of: number, for: .surplusBye, at: now, into: &actions)
            remove(number, .notAcknowledged, into: &actions)
            return
        }
        answer.interval = min(answer.interval * 2, configuration.timers.t2)
        calls[position].answer = answer
        timers.set(.answer(number), to: min(now + answer.interval, answer.end))
        drive(.respond(answer.transaction, answer.response), at: now, into: &actions)
    }

    /// An ACK to a 2xx (RFC 3261 §13.3.1.4).
    mutating func acknowledged(_ ack: SIPMessage, at now: Instant, into actions: inout [Action]) {
        guard let position = positionOfDialog(of: ack), let answer = calls[position].answer,
            (try? ack.cseq.number) == answer.sequence
        else { return }
        let number = calls[position].number
        calls[position].answer = nil
        timers.remove(.answer(number))
        let wasAnswered = calls[position].phase == .answered
        if wasAnswered { calls[position].phase = .established }
        if answer.isOffer {
            do {
                try calls[position].negotiation.take(answer: SessionDescription(parsing: ack.body))
            } catch {
                sendBye(of: number, for: .surplusBye, at: now, into: &actions)
                remove(number, .failed("the session description of the ACK: \(error)"), into: &actions)
                return
            }
        }
        if calls[position].isGivenUp {
            end(number, at: now, into: &actions)
        } else if wasAnswered {
            actions.append(.callAnswered(number, media: calls[position].negotiation.remote?.destination))
        }
    }

    // MARK: turning calls away

    mutating func reject(_ number: CallNumber, status: Int, at now: Instant, into actions: inout [Action]) {
        guard (400..<700).contains(status) else { return }
        refuse(number, status, .rejectedHere(status: status), at: now, into: &actions)
    }

    /// RFC 3261 §9.2: the caller gave up, so the INVITE is answered with 487.
    mutating func cancelled(_ id: ServerTransactionID, at now: Instant, into actions: inout [Action]) {
        guard let call = calls.first(where: { $0.phase == .ringing(id) }) else { return }
        refuse(call.number, 487, .cancelled, at: now, into: &actions)
    }

    /// RFC 3261 §13.3.1: an invitation whose time has run out is answered with 487.
    mutating func invitationExpired(_ number: CallNumber, at now: Instant, into actions: inout [Action]) {
        refuse(number, 487, .cancelled, at: now, into: &actions)
    }

    private mutating func refuse(
        _ number: CallNumber, _ status: Int, _ end: CallEnd, at now: Instant, into actions: inout [Action]
    ) {
        guard let position = position(of: number), case .ringing(let id) = calls[position].phase else { return }
        let call = calls[position]
        drive(.respond(id, response(to: call.invite, of: call, status)), at: now, into: &actions)
        remove(number, end, into: &actions)
    }

    // MARK: within a call

    private mutating func receiveInviteInside(
        _ request: SIPMessage, _ id: ServerTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        guard let position = positionOfDialog(of: request) else {
            // RFC 3261 §12.2.2: a dialog that is not known here.
            respond(id, to: request, 481, at: now, into: &actions)
            return
        }
        let call = calls[position]
        guard call.phase == .established, call.answer == nil else {
            // RFC 3261 §14.2: 491 while an INVITE of ours waits, 500 with a short wait while one of theirs does.
            let isOurs = call.phase == .calling
            respond(
                id, to: request, isOurs ? 491 : 500,
                headers: isOurs ? [] : [(.retryAfter, "\(random.next() % 11)")], at: now, into: &actions)
            return
        }
        // RFC 3261 §12.2.2: an older number than the last is out of order.
        guard calls[position].dialog?.receive(request) == true else {
            respond(id, to: request, 500, at: now, into: &actions)
            return
        }
        var negotiation = call.negotiation
        guard let answer = negotiated(request, with: &negotiation, id, at: now, into: &actions) else { return }
        calls[position].negotiation = negotiation
        calls[position].description = answer
        accept(request, id, number: call.number, at: now, into: &actions)
    }
}
