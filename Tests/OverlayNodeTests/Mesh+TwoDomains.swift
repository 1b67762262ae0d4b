import Identity
import Kademlia
import OverlayNode
import Primitives

extension Mesh {
    /// A gateway of example.org (0) and one of example.net (1), a node of neither (2), and a plain node with erin's account
    /// (3). alice, bob and erin are of example.org, carol and dave of example.net; passwords are `pw-` and the name.
    ///
    /// - Parameter isKnown: whether each domain's gateway knows the key of the other domain.
    static func twoDomains(seed: UInt64, isKnown: Bool = true) throws -> Mesh {
        var mesh = Mesh(seed: seed)
        let domains = [("example.org", ["alice", "bob", "erin"]), ("example.net", ["carol", "dave"])]
        var keys: [String: PublicSigningKey] = [:]
        for (name, users) in domains {
            let gateway = try mesh.add(isGateway: true, domains: [name])
            guard case .done? = mesh.ask(.domainCreate(name: name), at: gateway) else { throw Failure("no domain") }
            for user in users {
                let reply = mesh.ask(.userAdd(addressOfRecord: "\(user)@\(name)", password: "pw-\(user)"), at: gateway)
                guard case .password? = reply else { throw Failure("\(user) was not added") }
            }
            guard case .domains(let known)? = mesh.ask(.domainList, at: gateway) else { throw Failure("no list") }
            keys[name] = PublicSigningKey(text: known[0].key)
        }
        for gateway in 0...1 {
            if isKnown { mesh.configure(gateway) { $0.domainKeys = keys } }
            try mesh.restart(gateway)
        }
        let storing = try mesh.add()
        let plain = try mesh.add(domains: ["example.org"])
        mesh.start(storing)
        mesh.run(for: .seconds(1))
        guard
            case .invitation(let secret, _)? = mesh.ask(
                .userInvite(addressOfRecord: "erin@example.org", validForSeconds: 600), at: 0)
        else { throw Failure("no invitation") }
        mesh.start(plain)
        guard case .done? = mesh.ask(.accept(invitation: secret), at: plain) else { throw Failure("not accepted") }
        try mesh.restart(plain)
        mesh.run(for: .seconds(5))
        return mesh
    }

    /// The presence records that a member stores.
    func presenceRecords(at index: Int) throws -> [Record] {
        try (members[index].journal[.record] ?? [:]).values.map { try StoredEntry(decoding: $0).record }
            .filter { $0.kind == .presence && !$0.isTombstone }
    }
}
