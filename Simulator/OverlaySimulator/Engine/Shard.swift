import Kademlia
import Primitives

/// A part of the nodes with their queue: what one thread runs.
///
/// A node's events come in an order that does not depend on how nodes are divided: by time, then by who caused them
/// and in which order. Nothing that a shard reads is changed by another while it runs; what goes from one to the other
/// waits in an outbox for the end of a window, which is no longer than the shortest way between two nodes.
final class Shard {
    let index: Int
    let shards: Int
    let world: World
    /// Of all shards; this one touches those whose index is its own modulo the number of shards.
    let nodes: UnsafeMutablePointer<SimulatedNode>
    var queue = CalendarQueue(start: World.start.nanoseconds)
    var slab = MessageSlab()
    /// For each shard, of windows with even numbers and then of those with odd ones. Whom one is for empties it while
    /// this shard fills the other: that is why they lie in memory that no array shares.
    private let outboxes: UnsafeMutablePointer<[Parcel]>
    /// The earliest time in the outbox of this window.
    var earliestSent = UInt64.max
    var parity = 0
    var now = World.start
    var actions: [Kademlia.Action] = []
    /// What a core is to be told as soon as its present actions are carried out.
    var followUps: [Kademlia.Event] = []
    var tally: Tally
    var conditions = Conditions()

    init(_ index: Int, of shards: Int, world: World, nodes: UnsafeMutablePointer<SimulatedNode>) {
        self.index = index
        self.shards = shards
        self.world = world
        self.nodes = nodes
        tally = Tally(world)
        outboxes = .allocate(capacity: shards * 2)
        outboxes.initialize(repeating: [], count: shards * 2)
    }

    deinit {
        outboxes.deinitialize(count: shards * 2)
        outboxes.deallocate()
    }

    func isOwn(_ node: UInt32) -> Bool { Int(node) % shards == index }

    // MARK: Windows

    /// Lets everything happen before `end`, alone.
    func run(before end: UInt64) {
        while let entry = queue.pop(before: end) { happen(entry) }
        now = Instant(nanoseconds: end)
    }

    /// Lets everything happen before `end`, together with the other shards, each on a thread of its own.
    ///
    /// In each round every shard says when its next event is; all take the earliest of these and run the window that
    /// begins there. What is sent in it arrives after its end.
    func run(before end: UInt64, with others: [Shard], _ meeting: WindowMeeting) {
        let lookahead = UInt64(world.underlay.leastDelay.nanoseconds)
        while true {
            meeting.publish(min(queue.nextTime ?? .max, earliestSent), from: index, parity)
            meeting.wait()
            let first = meeting.earliest(parity)
            for other in others where other.index != index { takeParcels(from: other) }
            parity ^= 1
            earliestSent = .max
            guard first < end else { break }
            let limit = min(first + lookahead, end)
            while let entry = queue.pop(before: limit) { happen(entry) }
        }
        now = Instant(nanoseconds: end)
    }

    /// Takes what another shard sent in the last window; it will not touch that outbox before the next meeting but one.
    private func takeParcels(from other: Shard) {
        let box = other.outboxes + (parity * shards + index)
        for parcel in box.pointee { take(parcel) }
        box.pointee.removeAll(keepingCapacity: true)
    }

    private func take(_ parcel: Parcel) {
        var entry = parcel.entry
        if let message = parcel.message { entry.slot = slab.put(message) }
        queue.push(entry)
    }

    /// Puts an event for a node in the queue of whoever runs it.
    func push(to destination: UInt32, from source: UInt32, at time: UInt64, slot: UInt32, message: Message? = nil) {
        nodes[Int(source)].sequence &+= 1
        let entry = CalendarQueue.Entry(
            time: time, destination: destination, source: source, sequence: nodes[Int(source)].sequence, slot: slot)
        if isOwn(destination) {
            take(Parcel(entry: entry, message: message))
        } else {
            earliestSent = min(earliestSent, time)
            outboxes[parity * shards + Int(destination) % shards].append(Parcel(entry: entry, message: message))
        }
    }

    // MARK: Events

    private func happen(_ entry: CalendarQueue.Entry) {
        now = Instant(nanoseconds: entry.time)
        let index = Int(entry.destination)
        if entry.slot < Slot.first {
            let message = slab.take(entry.slot)
            arrive(message, at: index, from: entry.source)
        } else if entry.slot == Slot.wake {
            wake(index)
        } else {
            act(entry.slot, at: index, from: entry.source)
        }
    }

    private func wake(_ index: Int) {
        guard nodes[index].wake <= now.nanoseconds else { return }
        nodes[index].wake = .max
        guard nodes[index].isOnline else { return }
        if nodes[index].isDue(at: now) { perform(index, .wake) } else { arm(index) }
    }

    /// Tells a core what has happened, and does what it wants.
    func perform(_ index: Int, _ event: Kademlia.Event) {
        tally.events += 1
        var next: Kademlia.Event? = event
        while let event = next {
            nodes[index].core.handle(event, at: now, into: &actions)
            var position = 0
            while position < actions.count {
                carryOut(actions[position], of: index)
                position += 1
            }
            actions.removeAll(keepingCapacity: true)
            next = followUps.popLast()
        }
        if nodes[index].isOnline { arm(index) }
    }

    /// One wake-up of a node lies in the queue; a deadline that moves back is seen when it comes.
    private func arm(_ index: Int) {
        guard let time = nodes[index].takeEarlierDeadline(at: now) else { return }
        push(to: UInt32(index), from: UInt32(index), at: time, slot: Slot.wake)
    }

    private func carryOut(_ action: Kademlia.Action, of index: Int) {
        switch action {
        case .send(let message, let destination): send(message, to: destination, from: index)
        case .found(let token, let outcome): found(SimulatedToken(token.rawValue), outcome, at: index)
        case .stored(_, let outcome): stored(outcome)
        case .changed(let token, let change): changed(token, change, at: index)
        case .renew(let record): renew(record, at: index)
        case .rememberContacts(let contacts): nodes[index].remembered = Array(contacts.prefix(16))
        case .left: goOffline(index)
        case .observe(.joined): joined(index)
        case .persist, .forget, .observe: break
        }
    }
}
