import Primitives
import SIPMessages

/// INVITEs outside dialogs and what is answered to them (RFC 4235 §3.7.1).
extension DialogTracker {
    mutating func invited(
        _ request: SIPMessage, caller: AddressOfRecord?, callee: AddressOfRecord?, at now: Instant,
        _ actions: inout [Action]
    ) {
        guard caller != nil || callee != nil, let from = try? request.from, let tag = from.tag, !tag.isEmpty,
            let to = try? request.to, let callID = try? request.callID, let cseq = try? request.cseq
        else { return }
        let key = TrackedCall.Key(callID: callID, callerTag: tag)
        if let known = calls[key] {
            // A caller who is asked for credentials, or for another session timer, comes again with the same Call-ID and
            // tag and a higher CSeq (RFC 3261 §22.2). Everything else that looks alike came late or a second way.
            guard !known.isLive, cseq.number > known.sequence else { return }
            remove(key, &actions)
        }
        let contact = (try? request.contacts)?.first?.uri.description
        let size = [callID, tag, "\(from)", "\(to)", contact ?? ""].reduce(0) { $0 + $1.utf8.count }
        guard calls.count < limits.maximumCalls, size <= limits.maximumCallSize else { return }
        let seenCaller = caller.flatMap { hasRoom(for: $0, &actions) ? $0 : nil }
        let seenCallee = callee == caller ? seenCaller : callee.flatMap { hasRoom(for: $0, &actions) ? $0 : nil }
        guard seenCaller != nil || seenCallee != nil else { return }
        add(
            TrackedCall(
                key: key, id: TrackedCall.id(key, sequence: cseq.number), caller: seenCaller, callee: seenCallee,
                callerIdentity: DialogIdentity(uri: "\(from.uri)", displayName: from.displayName),
                calleeIdentity: DialogIdentity(uri: "\(to.uri)", displayName: to.displayName), callerTarget: contact,
                sequence: cseq.number, replaces: bounded(try? request.replaces),
                referredBy: bounded(try? request.referredBy),
                legs: [TrackedLeg(state: .trying, expires: now + limits.ringingTime)]),
            at: now, &actions)
    }

    private func bounded(_ replaces: Replaces??) -> Replaces? {
        guard let replaces = replaces ?? nil,
            replaces.callID.utf8.count + replaces.toTag.utf8.count + replaces.fromTag.utf8.count
                <= limits.maximumCallSize
        else { return nil }
        return replaces
    }

    private func bounded(_ referrer: NameAddress??) -> DialogIdentity? {
        guard let referrer = referrer ?? nil, "\(referrer)".utf8.count <= limits.maximumCallSize else { return nil }
        return DialogIdentity(uri: "\(referrer.uri)", displayName: referrer.displayName)
    }

    /// What came from one of the places that a request was forwarded to.
    mutating func received(_ response: SIPMessage, at now: Instant, _ actions: inout [Action]) {
        guard let cseq = try? response.cseq, let status = response.statusCode else { return }
        guard let call = call(invitedBy: response, cseq) else {
            return answered(response, to: cseq.method, status, at: now, &actions)
        }
        let tag = (try? response.to)?.tag
        guard tag.map({ $0.utf8.count <= limits.maximumCallSize }) ?? true else { return }
        switch status {
        case ..<200: progressed(call, tag: tag, status, response, at: now, &actions)
        case ..<300: accepted(call, tag: tag, status, response, at: now, &actions)
        default:
            // One of several devices doesn't want the call; the caller is told by the last of them.
            var call = call
            guard let leg = call.legs.firstIndex(where: { $0.tag == tag && $0.isLive && $0.state < .confirmed }),
                tag != nil
            else { return }
            call.legs[leg].refusal = status
            finish(call, at: now, &actions)
        }
    }

    /// The call whose INVITE a message answers; nil when it answers another request.
    private func call(invitedBy response: SIPMessage, _ cseq: CSeq) -> TrackedCall? {
        guard cseq.method == .invite, let callID = try? response.callID, let tag = (try? response.from)?.tag,
            let call = calls[TrackedCall.Key(callID: callID, callerTag: tag)], call.sequence == cseq.number
        else { return nil }
        return call
    }

    /// RFC 4235 §3.7.1: a provisional response without a tag leads to Proceeding, one with a tag to Early.
    private mutating func progressed(
        _ known: TrackedCall, tag: String?, _ status: Int, _ response: SIPMessage, at now: Instant,
        _ actions: inout [Action]
    ) {
        var call = known
        guard call.isPending else { return }
        let expires = now + limits.ringingTime
        let position = tag.map { call.leg($0, expires: expires) } ?? call.legs.firstIndex { $0.tag == nil }
        guard let position, call.legs[position].isLive, call.legs[position].state < .confirmed else { return }
        let before = (call.legs.count, call.legs[position].state, call.legs[position].code)
        call.legs[position].expires = expires
        call.legs[position].state = max(call.legs[position].state, tag == nil ? .proceeding : .early)
        if status != 100 { call.legs[position].code = status }
        if tag != nil { call.legs[position].target = target(of: response) ?? call.legs[position].target }
        let after = (known.legs.count, call.legs[position].state, call.legs[position].code)
        // Phones repeat their 180 as long as they ring.
        if before == after { settle(call, at: now, isNews: false, &actions) } else { finish(call, at: now, &actions) }
    }

    /// RFC 4235 §3.7.1: a 2xx confirms a dialog, and each further tag another.
    private mutating func accepted(
        _ known: TrackedCall, tag: String?, _ status: Int, _ response: SIPMessage, at now: Instant,
        _ actions: inout [Action]
    ) {
        var call = known
        guard let tag, let position = call.leg(tag, expires: now), call.legs[position].isLive,
            call.legs[position].state < .confirmed
        else { return }
        call.isPending = false
        call.legs[position].state = .confirmed
        call.legs[position].code = status
        call.legs[position].target = target(of: response) ?? call.legs[position].target
        refresh(&call.legs[position], by: response, at: now)
        // RFC 3261 §13.2.2.4: what is early 64 times T1 after the first 2xx has ended.
        for other in call.legs.indices where call.legs[other].isLive && call.legs[other].state < .confirmed {
            call.legs[other].expires = min(call.legs[other].expires, now + limits.forkTime)
        }
        if let replaced = call.replaces { end(replaced, at: now, &actions) }
        finish(call, at: now, &actions)
    }

    /// RFC 4235 §3.7.1: the INVITE has failed, and with it all that is not confirmed.
    mutating func refused(_ response: SIPMessage, at now: Instant, _ actions: inout [Action]) {
        guard let status = response.statusCode, status >= 300, let cseq = try? response.cseq,
            var call = call(invitedBy: response, cseq), call.isPending
        else { return }
        call.isPending = false
        for index in call.legs.indices { call.legs[index].end(.refused(call.legs[index].refusal ?? status)) }
        settle(call, at: now, &actions)
    }

    private mutating func finish(_ changed: TrackedCall, at now: Instant, _ actions: inout [Action]) {
        var call = changed
        call.endRefused()
        settle(call, at: now, &actions)
    }

    /// RFC 4235 §3.7.1: the dialog in whose place another was put ends by that.
    private mutating func end(_ replaced: Replaces, at now: Instant, _ actions: inout [Action]) {
        for (caller, callee) in [(replaced.toTag, replaced.fromTag), (replaced.fromTag, replaced.toTag)] {
            guard var call = calls[TrackedCall.Key(callID: replaced.callID, callerTag: caller)],
                let position = call.legs.firstIndex(where: { $0.tag == callee && $0.isLive })
            else { continue }
            call.legs[position].end(.replaced)
            settle(call, at: now, &actions)
        }
    }

    private func target(of response: SIPMessage) -> String? {
        guard let uri = (try? response.contacts)?.first?.uri.description, uri.utf8.count <= limits.maximumCallSize
        else {
            return nil
        }
        return uri
    }
}
