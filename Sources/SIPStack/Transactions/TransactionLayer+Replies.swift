import Primitives
import SIPMessages

/// Where responses go when the way by which the request came is no more.
extension TransactionLayer {
    /// Gives each transaction that answers over `flow` the next way: RFC 3261 §18.2.2, the address that the request came
    /// from at the port of its sent-by; RFC 3263 §5, after that what is found under the name in sent-by.
    ///
    /// - Parameter repeatsResponse: whether the last response has to go that way at once.
    mutating func replaceReplyFlow(_ flow: Flow, repeatsResponse: Bool, into actions: inout [Action]) {
        for id in serversByConnection.removeValue(forKey: flow) ?? [] where servers[id] != nil {
            let next = servers[id]!.fallback ?? servers[id]!.furtherFlows.popFirst()
            servers[id]!.fallback = nil
            servers[id]!.connection = next
            guard let next else {
                seekReplyFlows(of: id, into: &actions)
                continue
            }
            servers[id]!.replyFlow = next
            serversByConnection[next, default: []].append(id)
            if repeatsResponse, let bytes = servers[id]!.lastResponse {
                actions.append(.transport(.transmit(bytes, on: next)))
            }
        }
    }

    private mutating func seekReplyFlows(of id: ServerTransactionID, into actions: inout [Action]) {
        guard let transaction = servers[id], !transaction.hasSoughtFlows, let bytes = transaction.lastResponse,
            let via = (try? SIPMessage(parsing: bytes))?.values(.via).first.flatMap({ try? Via($0) })
        else { return }
        servers[id]!.hasSoughtFlows = true
        actions.append(.undelivered(id, via))
    }

    /// Sends the last response by the first of these flows that works.
    mutating func redirect(_ id: ServerTransactionID, to flows: [Flow], into actions: inout [Action]) {
        guard let first = flows.first, let transaction = servers[id], transaction.connection == nil else { return }
        servers[id]!.furtherFlows = flows.dropFirst()
        servers[id]!.replyFlow = first
        servers[id]!.connection = first
        serversByConnection[first, default: []].append(id)
        if let bytes = transaction.lastResponse { actions.append(.transport(.transmit(bytes, on: first))) }
    }
}
