import Primitives

/// Which address each simulated node has, and which node an address belongs to.
///
/// Nodes are spread over all IPv4 /16s before two share one, and each has a /24 of its own. Sybils share one /16.
struct AddressPlan: Sendable {
    /// Nodes that are no Sybils.
    let nodes: Int

    private static let firstNetwork = 0x0100
    /// Without those of loopback.
    private static let networks = 0xDD00
    private static let loopback = 0x7F00
    private static let sybilNetwork: UInt32 = 0xDFFF
    private static let port: UInt16 = 7_065

    /// How many nodes find an address.
    static let mostNodes = networks * 256
    /// How many Sybils do: the addresses of a /16.
    static let mostSybils = 65_536

    func endpoint(of index: Int) -> Endpoint {
        let address: UInt32
        if index < nodes {
            var network = Self.firstNetwork + index % Self.networks
            if network >= Self.loopback { network += 0x100 }
            address = UInt32(network) << 16 | UInt32(index / Self.networks) << 8 | 1
        } else {
            // One in each /24 first, then a second.
            let number = UInt32(index - nodes)
            address = Self.sybilNetwork << 16 | (number & 0xFF) << 8 | number >> 8
        }
        return Endpoint(address: IPAddress(v4: address), port: Self.port)
    }

    /// The node that is reached there; nil when there is none.
    func index(of endpoint: Endpoint) -> Int? {
        guard let address = endpoint.address.v4 else { return nil }
        var network = Int(address >> 16)
        if address >> 16 == Self.sybilNetwork { return nodes + Int(address >> 8 & 0xFF | (address & 0xFF) << 8) }
        guard network >= Self.firstNetwork, network >> 8 != Self.loopback >> 8 else { return nil }
        if network > Self.loopback { network -= 0x100 }
        let index = network - Self.firstNetwork + Int(address >> 8 & 0xFF) * Self.networks
        return index < nodes ? index : nil
    }
}
