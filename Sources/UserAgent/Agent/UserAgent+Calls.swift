import Primitives
import SIPMessages
import SIPStack

/// What callers and callees have in common: how a call ends.
extension UserAgent {
    func position(of number: CallNumber) -> Int? { calls.firstIndex { $0.number == number } }

    /// Ends a call, whatever stage it is in (RFC 3261 §15).
    mutating func end(_ number: CallNumber, at now: Instant, into actions: inout [Action]) {
        guard let position = position(of: number) else { return }
        switch calls[position].phase {
        case .calling where calls[position].acknowledgement == nil:
            // RFC 3261 §9.1: an INVITE without a final response is cancelled; what comes of it ends the call.
            guard !calls[position].isGivenUp else { return }
            calls[position].isGivenUp = true
            if let transaction = requests.first(where: { $0.value.purpose == .invite(number) })?.key {
                drive(.cancel(transaction), at: now, into: &actions)
            }
        case .ringing: reject(number, status: 603, at: now, into: &actions)
        case .answered:
            // RFC 3261 §15: the callee must not send a BYE before its answer is acknowledged or given up.
            calls[position].isGivenUp = true
        case .calling, .established:
            calls[position].phase = .ending
            sendBye(of: number, for: .bye(number), at: now, into: &actions)
        case .ending: break
        }
    }

    /// The next BYE of a call's dialog.
    mutating func nextBye(of number: CallNumber) -> SIPMessage? {
        guard let position = position(of: number) else { return nil }
        return calls[position].dialog?.request(.bye)
    }

    mutating func sendBye(
        of number: CallNumber, for purpose: OutstandingRequest.Purpose, at now: Instant,
        into actions: inout [Action]
    ) {
        guard let bye = nextBye(of: number) else { return }
        send(bye, for: purpose, at: now, into: &actions)
    }

    /// RFC 3261 §15.1.1: the session is over with the BYE, whatever is answered, and when nothing is.
    mutating func byeAnswered(_ number: CallNumber, into actions: inout [Action]) {
        guard let position = position(of: number) else { return }
        let isCancelled = calls[position].isGivenUp && calls[position].acknowledgement != nil
        remove(number, isCancelled ? .cancelled : .endedHere, into: &actions)
    }

    /// RFC 3261 §15.1.2: a BYE is answered with 200 in its dialog and with 481 outside any.
    mutating func receiveBye(
        _ request: SIPMessage, _ id: ServerTransactionID, at now: Instant, into actions: inout [Action]
    ) {
        guard let position = positionOfDialog(of: request) else {
            respond(id, to: request, 481, at: now, into: &actions)
            return
        }
        guard calls[position].dialog?.receive(request) == true else {
            respond(id, to: request, 500, at: now, into: &actions)
            return
        }
        respond(id, to: request, 200, at: now, into: &actions)
        let call = calls[position]
        if case .ringing(let transaction) = call.phase {
            // RFC 3261 §15.1.2: an INVITE that still waits for its answer gets a 487.
            drive(.respond(transaction, response(to: call.invite, of: call, 487)), at: now, into: &actions)
        }
        remove(call.number, .endedThere, into: &actions)
    }

    /// The call whose dialog a request belongs to.
    func positionOfDialog(of request: SIPMessage) -> Int? {
        guard let id = DialogID(receiving: request) else { return nil }
        return calls.firstIndex { $0.isIn(id) }
    }

    /// A response with the tag of the call's dialog (RFC 3261 §8.2.6.2: the same in all responses to one request).
    func response(
        to invite: SIPMessage, of call: Call, _ status: Int, headers: [(HeaderName, String)] = [], body: [UInt8] = []
    ) -> SIPMessage {
        invite.response(
            status, toTag: call.localTag, headers: headers, body: body,
            contentType: body.isEmpty ? nil : SessionDescription.contentType)
    }

    mutating func remove(_ number: CallNumber, _ end: CallEnd, into actions: inout [Action]) {
        guard let position = position(of: number) else { return }
        calls.remove(at: position)
        for deadline in [Deadline.answer(number), .ringing(number), .invitation(number)] { timers.remove(deadline) }
        actions.append(.callEnded(number, end))
    }
}
