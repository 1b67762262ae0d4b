import Primitives
import Testing

struct DeadlineQueueTests {
    private func at(_ seconds: UInt64) -> Instant { Instant(secondsSince1970: seconds) }

    @Test func theEarliestComesFirstAndOnlyWhenDue() {
        var queue = DeadlineQueue<String>()
        #expect(queue.earliest == nil)
        queue.set("b", to: at(2))
        queue.set("a", to: at(1))
        queue.set("c", to: at(3))
        #expect(queue.earliest == at(1))
        #expect(queue["b"] == at(2))
        #expect(queue.popDue(at: at(0)) == nil)
        #expect(queue.popDue(at: at(2)) == "a")
        #expect(queue.popDue(at: at(2)) == "b")
        #expect(queue.popDue(at: at(2)) == nil)
        #expect(queue.count == 1)
    }

    @Test func aKeyHasOneDeadline() {
        var queue = DeadlineQueue<Int>()
        queue.set(1, to: at(5))
        queue.set(1, to: at(9))
        #expect(queue.count == 1)
        #expect(queue.earliest == at(9))
        queue.remove(1)
        queue.remove(1)
        #expect(queue.count == 0)
        #expect(queue[1] == nil)
    }

    /// Nothing that leaves a core may depend on hashing: what is due together comes in the order of setting.
    @Test func ofTheSameInstantTheFirstSetComesFirst() {
        var queue = DeadlineQueue<Int>()
        for key in 0..<100 { queue.set(key, to: at(1)) }
        queue.set(0, to: at(1))
        var order: [Int] = []
        while let key = queue.popDue(at: at(1)) { order.append(key) }
        #expect(order == Array(1..<100) + [0])
    }

    /// Against a list that is searched from end to end, through thousands of random steps.
    @Test(arguments: 1...5) func behavesLikeASortedList(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var queue = DeadlineQueue<UInt64>()
        var model: [(key: UInt64, deadline: Instant)] = []
        for _ in 0..<4_000 {
            let key = random.next() % 64
            switch random.next() % 4 {
            case 0, 1:
                let deadline = at(random.next() % 50)
                queue.set(key, to: deadline)
                model.removeAll { $0.key == key }
                model.append((key, deadline))
            case 2:
                queue.remove(key)
                model.removeAll { $0.key == key }
            default:
                let now = at(random.next() % 50)
                let first = model.map(\.deadline).min()
                let index = model.firstIndex { $0.deadline == first && $0.deadline <= now }
                #expect(queue.popDue(at: now) == index.map { model[$0].key })
                if let index { model.remove(at: index) }
            }
            #expect(queue.count == model.count)
            #expect(queue.earliest == model.map(\.deadline).min())
            #expect(queue[key] == model.first { $0.key == key }?.deadline)
        }
    }
}
