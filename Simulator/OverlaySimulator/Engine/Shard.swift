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
        while let entry = queue.pop(before: end) {
            prefetch()
            happen(entry)
        }
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
            while let entry = queue.pop(before: limit) {
                prefetch()
                happen(entry)
            }
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
    func push(to destination: UInt32, from source: UInt32, at time: UInt64, slot: UInt32) {
        let entry = entry(to: destination, from: source, at: time, slot: slot)
        if isOwn(destination) { queue.push(entry) } else { post(Parcel(entry: entry, message: nil)) }
    }

    /// Puts a message for a node in the queue of whoever runs it.
    func push(_ message: consuming Message, to destination: UInt32, from source: UInt32, at time: UInt64) {
        var entry = entry(to: destination, from: source, at: time, slot: 0)
        if isOwn(destination) {
            entry.slot = slab.put(message)
            queue.push(entry)
        } else {
            post(Parcel(entry: entry, message: message))
        }
    }

    private func entry(
        to destination: UInt32, from source: UInt32, at time: UInt64, slot: UInt32
    ) -> CalendarQueue.Entry {
        let sequence = nodes[Int(source)].sequence &+ 1
        nodes[Int(source)].sequence = sequence
        return CalendarQueue.Entry(
            time: time, destination: destination, source: source, sequence: sequence, slot: slot)
    }

    private func post(_ parcel: consuming Parcel) {
        earliestSent = min(earliestSent, parcel.entry.time)
        let box = parity * shards + Int(parcel.entry.destination) % shards
        outboxes[box].append(parcel)
    }

    // MARK: Events

    private func happen(_ entry: CalendarQueue.Entry) {
        now = Instant(nanoseconds: entry.time)
        let index = Int(entry.destination)
        if entry.slot < Slot.first {
            arrive(slab.take(entry.slot), at: index, from: entry.source)
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
    func perform(_ index: Int, _ event: consuming Kademlia.Event) {
        tally.events += 1
        nodes[index].core.handle(event, at: now, into: &actions)
        carryOutAll(of: index)
        while let next = followUps.popLast() {
            nodes[index].core.handle(next, at: now, into: &actions)
            carryOutAll(of: index)
        }
        if nodes[index].isOnline { arm(index) }
    }

    private func carryOutAll(of index: Int) {
        var position = 0
        while position < actions.count {
            // Moved out: a copy would count references to all that is in it.
            var action = Kademlia.Action.left
            swap(&action, &actions[position])
            carryOut(action, of: index)
            position += 1
        }
        actions.removeAll(keepingCapacity: true)
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
