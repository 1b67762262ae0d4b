import Identity
import Primitives

// What this node does for others has a measure, so that one who floods it takes nothing from the rest.
extension Kademlia {
    /// Whether a request is to be served. Loopback and the exempt prefixes are not limited.
    mutating func admits(_ request: Message.Body, from contact: ContactHandle, at now: Instant) -> Bool {
        traffic.received.count(at: now)
        guard contacts.mark(contact) != 0 else { return true }
        let isAdmitted = limiter.admits(request.cost, from: contacts[contact], limits: configuration, at: now)
        if !isAdmitted { traffic.dropped.count(at: now) }
        return isAdmitted
    }

    /// Has the asker pay for what a request turned out to cost beyond ``Message/Body/cost``, as far as they can.
    mutating func charge(_ contact: ContactHandle, forBytes count: Int, at now: Instant) {
        guard count >= Self.bytesPerToken, contacts.mark(contact) != 0 else { return }
        let tokens = count / Self.bytesPerToken
        _ = limiter.admits(tokens, from: contacts[contact], limits: configuration, at: now)
    }

    /// To find, encode and encrypt so many bytes of records costs as much as a search in the routing table.
    private static let bytesPerToken = 4_096

    /// Gives back memory that an idle node does not need.
    mutating func tidy(at now: Instant) {
        limiter.tidy(at: now)
        cache.tidy(at: now)
    }

    /// Whether a message that has not been read yet would be dropped: a request of a node that has used up what it may
    /// ask. Reading it, with the records in it, would be the better part of the work.
    package mutating func drops(_ bytes: [UInt8], from contact: ContactHandle, at now: Instant) -> Bool {
        guard Message.isRequest(bytes), contacts.mark(contact) != 0,
            limiter.isExhausted(for: contacts[contact], at: now)
        else { return false }
        traffic.received.count(at: now)
        traffic.dropped.count(at: now)
        return true
    }
}

extension Message.Body {
    /// What serving the request costs, in tokens: a signature to verify 4, a search in the routing table 1.
    var cost: Int {
        switch self {
        case .ping, .findNodes, .leaving: 1
        case .fetch, .watch, .callBack, .callThis, .introduce: 2
        case .store, .changed: 5
        case .cache(let records): 1 + 4 * records.count
        case .pong, .nodes, .fetched, .stored, .watching, .changeSeen, .callBackAnswer: 0
        }
    }
}
