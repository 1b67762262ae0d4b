import Identity
import Primitives

/// The iterative search for the nodes closest to a target: whom to ask next, and when to stop.
///
/// It sends nothing and knows no time. Whoever drives it asks the contacts that ``next()`` gives, and reports
/// how each fared. The search ends when the `width` closest candidates that are still of use have answered.
struct Lookup: Sendable {
    /// How a candidate has fared.
    enum State: Sendable {
        case known, asked, slow, failed, answered
    }

    /// A node that might be among the closest.
    struct Candidate: Sendable {
        let contact: Contact
        let distance: Bits256
        var state: State
        /// The length of the chain of answers that led to it.
        let hop: Int
    }

    let target: Bits256
    private let ownID: NodeID
    private let width: Int
    private let parallelism: Int
    private let configuration: KademliaConfiguration
    /// By distance, nearest first.
    private(set) var candidates: [Candidate] = []
    private var countsByBlock: [AddressBlock: Int] = [:]
    private var underWay = 0
    /// Answers in a row that brought nothing closer. When the search stalls more are asked at once, as the rest is
    /// only confirmation.
    private var fruitless = 0

    /// The shortlist's bound: eight answers' worth. The farthest that were not asked yet make room.
    static let mostCandidates = 128

    init(target: Bits256, from seeds: [Contact], ownID: NodeID, configuration: KademliaConfiguration) {
        self.target = target
        self.ownID = ownID
        width = configuration.bucketSize
        parallelism = configuration.parallelism
        self.configuration = configuration
        for seed in seeds { add(seed, hop: 1) }
    }

    /// The contact to ask now, which counts as asked from here on; nil when enough are under way or none is left.
    mutating func next() -> Contact? {
        guard underWay < (fruitless >= parallelism ? width : parallelism) else { return nil }
        var useful = 0
        for index in candidates.indices {
            switch candidates[index].state {
            case .known:
                candidates[index].state = .asked
                underWay += 1
                return candidates[index].contact
            case .asked, .answered: useful += 1
            case .slow, .failed: break
            }
            if useful >= width { return nil }
        }
        return nil
    }

    /// An asked candidate answered with contacts, which come from a stranger and are candidates only.
    mutating func answered(_ id: NodeID, closer contacts: [Contact]) {
        guard let index = index(of: id), candidates[index].state != .answered else { return }
        if candidates[index].state == .asked { underWay -= 1 }
        candidates[index].state = .answered
        let hop = candidates[index].hop + 1
        let nearest = candidates[0].distance
        for contact in contacts.prefix(MessageLimits.contacts) { add(contact, hop: hop) }
        fruitless = candidates[0].distance < nearest ? 0 : fruitless + 1
    }

    /// An asked candidate has not answered for longer than is usual for it: its slot is free for another.
    mutating func slow(_ id: NodeID) {
        guard let index = index(of: id), candidates[index].state == .asked else { return }
        candidates[index].state = .slow
        underWay -= 1
    }

    /// An asked candidate will not answer, or lied.
    mutating func failed(_ id: NodeID) {
        guard let index = index(of: id) else { return }
        if candidates[index].state == .asked { underWay -= 1 }
        candidates[index].state = .failed
    }

    /// Whether nobody is left to ask or to wait for. Slow candidates are only waited for while too few have answered.
    var isFinished: Bool {
        var answered = 0
        var waitsForSlow = false
        for candidate in candidates {
            switch candidate.state {
            case .known, .asked: return false
            case .slow: waitsForSlow = true
            case .failed: break
            case .answered: answered += 1
            }
            if answered >= width { return true }
        }
        return !waitsForSlow
    }

    /// Those that answered, nearest first.
    var closest: [Contact] { candidates.filter { $0.state == .answered }.map(\.contact) }

    func hop(of id: NodeID) -> Int? { index(of: id).map { candidates[$0].hop } }

    private func index(of id: NodeID) -> Int? { candidates.firstIndex { $0.contact.nodeID == id } }

    private mutating func add(_ contact: Contact, hop: Int) {
        guard contact.nodeID != ownID else { return }
        let distance = contact.nodeID.bits ^ target
        var low = 0
        var high = candidates.count
        while low < high {
            let middle = (low + high) / 2
            if candidates[middle].distance < distance { low = middle + 1 } else { high = middle }
        }
        if low < candidates.count, candidates[low].distance == distance { return }
        if let block = AddressBlock(contact.endpoint.address, exempt: configuration.exemptPrefixes) {
            guard countsByBlock[block, default: 0] < configuration.contactsPerPrefix else { return }
            countsByBlock[block, default: 0] += 1
        }
        if candidates.count >= Self.mostCandidates {
            guard let last = candidates.lastIndex(where: { $0.state == .known }), last >= low else { return }
            candidates.remove(at: last)
        }
        candidates.insert(Candidate(contact: contact, distance: distance, state: .known, hop: hop), at: low)
    }
}
