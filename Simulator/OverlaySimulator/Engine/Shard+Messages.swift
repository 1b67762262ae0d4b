import Kademlia
import Primitives

// Messages between nodes: sessions, lines, translators, partitions and liars.
extension Shard {
    func send(_ message: Message, to destination: MessageDestination, from index: Int) {
        let source = UInt32(index)
        let target: UInt32
        switch destination {
        case .contact(let contact): target = contact.index
        case .endpoint(let endpoint):
            guard let found = world.addresses.index(of: endpoint) else { return }
            target = UInt32(found)
        }
        guard target != source else { return }
        transmit(message, from: source, to: target)
    }

    /// Sends a message on its way, through its encoding and encryption if the run is to have that.
    func transmit(_ message: consuming Message, from source: UInt32, to target: UInt32) {
        if let wire = world.wire {
            guard let read = wire.pass(message, counter: now.nanoseconds, world) else { return }
            dispatch(read, from: source, to: target)
        } else {
            dispatch(message, from: source, to: target)
        }
    }

    private func dispatch(_ message: consuming Message, from source: UInt32, to target: UInt32) {
        let index = Int(source)
        let bytes = WireSize.bytes(of: message)
        tally.sent(bytes, TrafficKind.of(message), from: nodes[index].role, at: world.measured(now))
        if nodes[index].openings != nil { nodes[index].openings!.open(to: target, at: now) }
        let arrival = world.underlay.journey(
            from: index, to: Int(target), bytes: bytes, at: now, uplinkFree: &nodes[index].uplinkFree,
            random: &nodes[index].random)
        guard var arrival, !conditions.separates(source, target) else { return }
        if nodes[index].peers?.contains(target) == false {
            // Hello and challenge go and come before the answer carries the message.
            nodes[index].peers!.insert(target)
            arrival = arrival + world.underlay.delay(from: index, to: Int(target)) * 2
            tally.sent(WireSize.handshake, .handshake, from: nodes[index].role, at: world.measured(now))
        }
        push(message, to: target, from: source, at: arrival.nanoseconds)
    }

    /// A message has come to where a node is, or was.
    func arrive(_ message: consuming Message, at index: Int, from source: UInt32) {
        guard nodes[index].isOnline, !conditions.separates(UInt32(index), source) else { return }
        if let openings = nodes[index].openings, !openings.isOpen(to: source, at: now) { return }
        if nodes[index].peers != nil { nodes[index].peers!.insert(source) }
        nodes[index].fingerprint.add(now.nanoseconds)
        nodes[index].fingerprint.add(UInt64(source) ^ message.transaction)
        tally.received(by: nodes[index].role, isMeasuring: conditions.isMeasuring)
        guard nodes[index].role.isWellBehaved || isTaken(message, at: index, from: source) else { return }
        perform(index, .received(message, from: ContactHandle(index: source)))
    }

    /// Whether a node that drops messages or lies does with this one what others do.
    private func isTaken(_ message: Message, at index: Int, from source: UInt32) -> Bool {
        if message.isAnswer { return true }
        if nodes[index].role == .liar {
            lie(message, at: index, to: source)
            return false
        }
        guard case .ping = message.body else { return false }
        return true
    }

    private func lie(_ message: Message, at index: Int, to asker: UInt32) {
        tally.events += 1
        let liar = ContactHandle(index: UInt32(index))
        guard let body = world.accomplices.lie(message, from: liar, to: ContactHandle(index: asker), at: now) else {
            return
        }
        transmit(Message(transaction: message.transaction, body: body), from: UInt32(index), to: asker)
    }
}
