import Identity
import Primitives

/// The iterative search for the nodes closest to a target: whom to ask next, and when to stop.
///
/// It sends nothing and knows no time. Whoever drives it asks the contacts that ``next()`` gives, and reports
/// how each fared. The search ends when the closest candidates that are still of use have answered: the `width`
/// closest, and all within ``Plan/reach``.
///
/// With several paths each contact belongs to the path on which it was heard of first, and each path finds its own
/// way to the target: a node that names only its accomplices leads astray one path and not all
/// (Baumgart and Mies, S/Kademlia, §4.4).
struct Lookup: Sendable {
    /// What kind of search it is.
    struct Plan: Sendable {
        /// How many of the closest must have answered.
        var width: Int
        /// Requests under way at once.
        var parallelism: Int
        /// Requests under way until the first answer.
        var firstRequests: Int
        /// Requests under way at most, to whomever.
        var mostRequests = 16
        /// Ways that share no node.
        var paths = 1
        /// Within this distance all candidates must have answered, not only the `width` closest: as far as so many
        /// nodes should be found by the overlay's density. IDs that were ground to lie close to the target do not
        /// push the others out.
        var reach: Bits256?
        /// For a search that ends with the first records: so many requests to candidates within reach, which should
        /// all have them, will do until one of those has answered.
        var holdersAtOnce: Int?
        /// Of the contacts that the search began with, so many must have answered before it ends. A liar names its
        /// accomplices, and they each other, until the closest candidates are all theirs.
        var leastSeeds = 0
        /// Candidates of one address block.
        var contactsPerPrefix: Int
        /// Candidates of one network of blocks (IPv4 /16, IPv6 /32).
        var contactsPerNetwork: Int
    }

    /// How a candidate has fared.
    enum State: UInt8, Sendable {
        case known, asked, slow, failed, answered
    }

    /// A node that might be among the closest.
    struct Candidate: Sendable {
        /// The first 64 bits of its distance from the target.
        let head: UInt64
        let contact: ContactHandle
        /// Its ``AddressBlock/mark``.
        let mark: UInt32
        var state: State
        /// The length of the chain of answers that led to it.
        let hop: UInt8
        /// The path that it belongs to.
        let path: UInt8
    }

    let target: Bits256
    private let ownID: NodeID
    private let contacts: ContactDirectory
    private let plan: Plan
    /// By distance, nearest first.
    private(set) var candidates: [Candidate] = []
    private var underWay = 0
    private var hasAnswer = false
    /// Asked before all others, whatever their distance: those among the first that answer soonest.
    private var favoured: [ContactHandle]
    /// Answers in a row that brought nothing closer. When the search stalls more are asked at once, as the rest is
    /// only confirmation.
    private var fruitless = 0

    /// The shortlist's bound: eight answers' worth. The farthest that were not asked yet make room.
    static let mostCandidates = 128
    /// However many lie within reach.
    static let mostWidth = 40

    /// - Parameter favoured: some of the seeds.
    init(
        target: Bits256, from seeds: [ContactHandle], favouring favoured: [ContactHandle] = [], ownID: NodeID,
        contacts: ContactDirectory, plan: Plan
    ) {
        self.target = target
        self.ownID = ownID
        self.contacts = contacts
        self.plan = plan
        self.favoured = favoured
        candidates.reserveCapacity(plan.width * 2)
        for (index, seed) in seeds.enumerated() { add(seed, hop: 1, path: UInt8(index % plan.paths)) }
    }

    /// The contact to ask now, which counts as asked from here on; nil when enough are under way or none is left.
    mutating func next() -> ContactHandle? {
        guard underWay < (hasAnswer ? plan.mostRequests : plan.firstRequests) else { return nil }
        while let contact = favoured.popLast() {
            if let index = index(of: contact), candidates[index].state == .known { return ask(index) }
        }
        guard !awaitsHolders else { return nil }
        for path in 0..<plan.paths {
            if let index = firstToAsk(on: path) { return ask(index) }
        }
        // Every way has come to its end: what remains is to confirm the closest of all.
        if plan.paths > 1, let index = firstToAsk(on: nil) { return ask(index) }
        guard plan.leastSeeds > 0, isConverged, countSeeds(.answered) + countSeeds(.asked) < plan.leastSeeds else {
            return nil
        }
        return candidates.firstIndex { $0.hop == 1 && $0.state == .known }.map { ask($0) }
    }

    private func countSeeds(_ state: State) -> Int {
        candidates.reduce(0) { $0 + ($1.hop == 1 && $1.state == state ? 1 : 0) }
    }

    private var waitsForSeeds: Bool {
        plan.leastSeeds > 0 && countSeeds(.answered) < plan.leastSeeds && countSeeds(.known) + countSeeds(.asked) > 0
    }

    private var isStalled: Bool { fruitless >= plan.parallelism }

    private mutating func ask(_ index: Int) -> ContactHandle {
        candidates[index].state = .asked
        underWay += 1
        return candidates[index].contact
    }

    /// The nearest candidate of a path (nil: of all) that was not asked, unless enough nearer ones are of use or are
    /// being asked.
    ///
    /// Only requests to nearer ones take up the search's slots: as soon as an answer shows the way, those to contacts
    /// farther off are left to themselves and as many go out to the new ones.
    private func firstToAsk(on path: Int?) -> Int? {
        let slots = isStalled ? plan.width : plan.parallelism
        let most = path == nil || plan.paths == 1 ? slots : max(slots / plan.paths, 1)
        let width = path == nil || plan.paths == 1 ? plan.width : plan.width / plan.paths + 2
        var useful = 0
        var ahead = 0
        for index in candidates.indices where path == nil || candidates[index].path == path! {
            switch candidates[index].state {
            case .known: return index
            case .asked:
                useful += 1
                ahead += 1
            case .answered: useful += 1
            case .slow, .failed: break
            }
            if ahead >= most { return nil }
            if useful >= width, !isWithinReach(candidates[index], after: useful) { return nil }
        }
        return nil
    }

    /// Whether enough of those that should have the records are being asked. Once one has answered without ending the
    /// search there is more to find out.
    private var awaitsHolders: Bool {
        guard let most = plan.holdersAtOnce, let reach = plan.reach?.words[0] else { return false }
        var asked = 0
        for candidate in candidates {
            guard candidate.head < reach else { break }
            if candidate.state == .answered { return false }
            if candidate.state == .asked { asked += 1 }
        }
        return asked >= most
    }

    private func isWithinReach(_ candidate: Candidate, after useful: Int) -> Bool {
        guard let reach = plan.reach, useful < Self.mostWidth else { return false }
        return distance(of: candidate) < reach
    }

    /// How far a candidate is from the target.
    func distance(of candidate: Candidate) -> Bits256 { contacts.bits(candidate.contact) ^ target }

    /// An asked candidate answered with contacts, which come from a stranger and are candidates only.
    mutating func answered(_ contact: ContactHandle, closer: ContactList) {
        guard let index = index(of: contact), candidates[index].state != .answered else { return }
        let path = candidates[index].path
        if candidates[index].state == .asked { underWay -= 1 }
        candidates[index].state = .answered
        hasAnswer = true
        let hop = candidates[index].hop &+ 1
        let nearest = candidates[0].contact
        for other in closer.indices { add(closer[other], hop: hop, path: path) }
        fruitless = candidates[0].contact != nearest ? 0 : fruitless + 1
    }

    /// An asked candidate has not answered for longer than is usual for it: its slot is free for another.
    mutating func slow(_ contact: ContactHandle) {
        guard let index = index(of: contact), candidates[index].state == .asked else { return }
        candidates[index].state = .slow
        underWay -= 1
    }

    /// An asked candidate will not answer, or lied.
    mutating func failed(_ contact: ContactHandle) {
        guard let index = index(of: contact) else { return }
        if candidates[index].state == .asked { underWay -= 1 }
        candidates[index].state = .failed
    }

    /// Whether nobody is left to ask or to wait for.
    var isFinished: Bool { isConverged && !waitsForSeeds }

    /// Whether the closest have answered. Slow candidates are only waited for while too few have.
    private var isConverged: Bool {
        if plan.paths > 1, (0..<plan.paths).contains(where: { firstToAsk(on: $0) != nil }) { return false }
        var answered = 0
        var waitsForSlow = false
        for candidate in candidates {
            switch candidate.state {
            case .known, .asked: return false
            case .slow: waitsForSlow = true
            case .failed: break
            case .answered: answered += 1
            }
            if answered >= plan.width, !isWithinReach(candidate, after: answered) { return true }
        }
        return !waitsForSlow
    }

    /// The nearest candidates, whatever became of them: nobody needs to name them again.
    func known(salt: UInt32) -> KnownContacts {
        var known = KnownContacts(salt: salt)
        for candidate in candidates.prefix(MessageLimits.contacts) {
            known.append(head: candidate.head ^ target.words[0])
        }
        return known
    }

    /// Those that answered, nearest first.
    var closest: [ContactHandle] { candidates.filter { $0.state == .answered }.map(\.contact) }

    /// Those that did not answer, nearest first: some may only have lost a datagram.
    var silent: [ContactHandle] {
        candidates.filter { $0.state == .failed || $0.state == .slow }.map(\.contact)
    }

    func hop(of contact: ContactHandle) -> Int? { index(of: contact).map { Int(candidates[$0].hop) } }

    private func index(of contact: ContactHandle) -> Int? { candidates.firstIndex { $0.contact == contact } }

    private mutating func add(_ contact: ContactHandle, hop: UInt8, path: UInt8) {
        let head = contacts.head(contact) ^ target.words[0]
        var low = 0
        var high = candidates.count
        while low < high {
            let middle = (low + high) / 2
            if isNearer(candidates[middle], than: contact, head) { low = middle + 1 } else { high = middle }
        }
        // The same contact has the same place, and so has the node at another endpoint.
        if low < candidates.count, candidates[low].head == head, hasSameID(candidates[low].contact, contact) { return }
        guard !contacts.hasID(contact, ownID) else { return }
        let mark = contacts.mark(contact)
        guard isWelcome(mark) else { return }
        if candidates.count >= Self.mostCandidates {
            guard let last = candidates.lastIndex(where: { $0.state == .known }), last >= low else { return }
            candidates.remove(at: last)
        }
        let candidate = Candidate(head: head, contact: contact, mark: mark, state: .known, hop: hop, path: path)
        candidates.insert(candidate, at: low)
    }

    /// Whether a candidate is nearer to the target than a contact whose distance begins with `head`.
    @inline(__always)
    private func isNearer(_ candidate: Candidate, than contact: ContactHandle, _ head: UInt64) -> Bool {
        if candidate.head != head { return candidate.head < head }
        return distance(of: candidate) < contacts.bits(contact) ^ target
    }

    private func hasSameID(_ a: ContactHandle, _ b: ContactHandle) -> Bool {
        a == b || contacts.nodeID(a) == contacts.nodeID(b)
    }

    /// Whether the limits of address diversity admit a candidate with this ``AddressBlock/mark``.
    private func isWelcome(_ mark: UInt32) -> Bool {
        guard mark != 0 else { return true }
        var inBlock = 0
        var inNetwork = 0
        for candidate in candidates where candidate.mark >> 16 == mark >> 16 && candidate.mark != 0 {
            inNetwork += 1
            if candidate.mark == mark { inBlock += 1 }
        }
        return inBlock < plan.contactsPerPrefix && inNetwork < plan.contactsPerNetwork
    }
}
