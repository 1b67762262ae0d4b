import OverlayNode
import Primitives

extension Mesh {
    /// Two gateways of example.org (0 and 1) and a plain node with carol's account (2), as `make run` starts them.
    /// The passwords of alice, bob and carol are `pw-` and their name.
    static func twoGateways(seed: UInt64) throws -> Mesh {
        var mesh = Mesh(seed: seed)
        let a = try mesh.add(isGateway: true, domains: ["example.org"])
        let b = try mesh.add(isGateway: true, domains: ["example.org"])
        let c = try mesh.add(domains: ["example.org"])
        guard case .done? = mesh.ask(.domainCreate(name: "example.org"), at: a) else { throw Failure("no domain") }
        for user in ["alice", "bob", "carol"] {
            let reply = mesh.ask(.userAdd(addressOfRecord: "\(user)@example.org", password: "pw-\(user)"), at: a)
            guard case .password(_, "pw-\(user)")? = reply else { throw Failure("\(user) was not added") }
        }
        try mesh.restart(a)
        mesh.run(for: .seconds(1))
        for (index, command) in [
            (b, Command.domainInvite(name: "example.org", validForSeconds: 600)),
            (c, Command.userInvite(addressOfRecord: "carol@example.org", validForSeconds: 600)),
        ] {
            guard case .invitation(let secret, _)? = mesh.ask(command, at: a) else { throw Failure("no invitation") }
            mesh.start(index)
            guard case .done? = mesh.ask(.accept(invitation: secret), at: index) else { throw Failure("not accepted") }
            try mesh.restart(index)
        }
        mesh.run(for: .seconds(5))
        return mesh
    }
}
