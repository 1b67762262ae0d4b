import Identity
import Primitives

// Helping others to find out whether they can be reached: passing on the request to be called, and calling.
extension Kademlia {
    /// A node asks to be called by somebody that it has not spoken to.
    mutating func passOnCallBack(
        _ message: Message, from asker: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        var answer = Message.CallBackAnswer.nobody
        if let caller = stranger(to: asker, at: now) {
            let isAdmitted = passingOnLimit.admits(
                asker: contacts.bits(asker).prefix, target: contacts.bits(caller).prefix, within: .passingOn, at: now)
            answer = isAdmitted ? .asked(caller) : .notNow
            if isAdmitted { send(.callThis(asker), to: caller, into: &actions) }
        }
        // The session proves the endpoint; no other is ever passed on.
        let observed = contacts[asker].endpoint
        self.answer(message, with: .callBackAnswer(observed: observed, answer), to: asker, into: &actions)
    }

    /// Sends a message that is not answered.
    mutating func send(
        _ body: Message.Body, to contact: ContactHandle, into actions: inout [Action]
    ) {
        noteSent(to: .contact(contact))
        let message = Message(transaction: random.next(), body: body, isFromClient: isClient)
        actions.append(.send(message, to: .contact(contact)))
    }

    /// A contact that the asker has probably not spoken to: from the other half of the ID space and another block of
    /// addresses, if there is one that has not been asked to call too often. One that shares the asker's address might
    /// come to it by another way than strangers.
    private mutating func stranger(to asker: ContactHandle, at now: Instant) -> ContactHandle? {
        guard table.count > 0 else { return nil }
        let busy = passingOnLimit.exhaustedTargets(within: .passingOn, at: now)
        let start = Int(random.next() % UInt64(table.count))
        let (address, mark) = (contacts[asker].endpoint.address, contacts.mark(asker))
        let half = contacts.bits(asker).prefix >> 31
        var best: (contact: ContactHandle, merit: Int)?
        for step in 0..<table.count {
            let index = (start + step) % table.count
            let other = table.handles[index]
            let otherMark = contacts.mark(other)
            guard table.states[index].failures == 0, contacts.nodeID(other) != contacts.nodeID(asker),
                otherMark == 0 || contacts[other].endpoint.address != address
            else { continue }
            let prefix = contacts.bits(other).prefix
            let merit =
                (busy.contains(prefix) ? 0 : 4) + (otherMark != mark || mark == 0 ? 2 : 0)
                + (prefix >> 31 != half ? 1 : 0)
            if merit > best?.merit ?? -1 { best = (other, merit) }
            if merit == 7 { break }
        }
        return best?.contact
    }

    /// A node passes on that another one wants to be called.
    mutating func call(
        _ target: ContactHandle, askedBy asker: ContactHandle, at now: Instant, into actions: inout [Action]
    ) {
        let endpoint = contacts[target].endpoint
        let address = endpoint.fingerprint(isPortIgnored: !endpoint.address.isLoopback)
        guard phase == .member, contacts.nodeID(target) != nodeID,
            Self.mayBeCalled(endpoint, contacts[asker].endpoint), !isBeingCalled(target),
            callingLimit.admits(
                asker: contacts.bits(asker).prefix, target: UInt32(truncatingIfNeeded: address >> 32),
                within: .calling, at: now)
        else { return }
        request(.ping, to: .contact(target), for: .call, at: now, into: &actions)
    }

    private func isBeingCalled(_ target: ContactHandle) -> Bool {
        pending.all.contains { request in
            guard case .call = request.purpose else { return false }
            return request.contact == target
        }
    }

    /// Whether a datagram to the endpoint can do no harm: it is one machine's, and not this one's unless the asker is
    /// on it as well.
    private static func mayBeCalled(_ endpoint: Endpoint, _ asker: Endpoint) -> Bool {
        let address = endpoint.address
        let isMulticast = address.v4.map { $0 >= 0xE000_0000 } ?? (address.high >> 56 == 0xFF)
        return endpoint.port != 0 && !address.isUnspecified && !isMulticast
            && (!address.isLoopback || asker.address.isLoopback)
    }
}
