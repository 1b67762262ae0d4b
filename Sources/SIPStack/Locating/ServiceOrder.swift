import Primitives

/// The order in which the servers of SRV records are tried (RFC 2782).
enum ServiceOrder {
    /// Where one of them is.
    struct Service: Hashable, Sendable {
        var target: String
        var port: UInt16
    }

    /// RFC 2782, usage rules: the lowest priority first. Within a priority each next one is drawn with a probability by
    /// its weight; those of weight 0 stand in front when drawing, so that they have a small chance beside others.
    static func sorted(_ records: [DNSRecord], random: inout RandomSource) -> [Service] {
        var byPriority: [UInt16: [(weight: Int, service: Service)]] = [:]
        for case .service(let priority, let weight, let port, let target) in records.prefix(64) {
            byPriority[priority, default: []].append((Int(weight), Service(target: target, port: port)))
        }
        var order: [Service] = []
        for (_, services) in byPriority.sorted(by: { $0.key < $1.key }) {
            // The DNS gives them in any order; with one of their own the outcome hangs on the random source alone.
            var left = services.sorted {
                ($0.weight == 0 ? 0 : 1, $0.service.target, $0.service.port)
                    < ($1.weight == 0 ? 0 : 1, $1.service.target, $1.service.port)
            }
            while !left.isEmpty {
                let drawn = Int.random(in: 0...left.reduce(0) { $0 + $1.weight }, using: &random)
                var sum = 0
                let position = left.firstIndex { entry in
                    sum += entry.weight
                    return sum >= drawn
                }
                order.append(left.remove(at: position ?? 0).service)
            }
        }
        return order
    }
}
