import OverlayNode
import Primitives
import SIPMessages

/// A call between two phones of a mesh, as far as these tests need one.
struct Call {
    var caller: Phone
    let callee: Phone
    /// As it reached the callee.
    let invite: SIPMessage

    /// Has one phone call the other, which does not answer yet.
    init(_ mesh: inout Mesh, from caller: Phone, to callee: Phone) throws {
        self.caller = caller
        self.callee = callee
        let callID = "call-\(caller.port)-\(callee.port)-\(mesh.now.nanoseconds)"
        self.caller.send(
            &mesh, .invite, to: callee.uri, password: "pw-\(caller.user)", headers: [(.contact, caller.contact)],
            callID: callID)
        guard
            let invite = mesh.message(
                from: callee.server, toPort: callee.port,
                where: { $0.method == .invite && $0.value(.callID)?.string == callID })
        else { throw Failure("nobody was called") }
        self.invite = invite
    }

    /// The callee's phone answers the INVITE.
    func answer(_ mesh: inout Mesh, _ status: Int, headers: [(HeaderName, String)] = []) {
        let response = invite.response(
            status, toTag: "callee\(callee.port)", headers: [(.contact, callee.contact)] + headers)
        mesh.receive(response, at: callee.server, fromPort: callee.port)
    }

    /// The callee hangs up.
    /// - Returns: whether the caller's phone heard of it.
    @discardableResult
    func hangUp(_ mesh: inout Mesh) -> Bool {
        let branch = "z9hG4bKbye\(callee.port)\(mesh.now.nanoseconds)"
        let bye = SIPMessage.request(
            .bye, uri: SIPURI("sip:\(caller.user)@127.0.0.1:\(caller.port)")!,
            headers: [
                (.via, "SIP/2.0/UDP 127.0.0.1:\(callee.port);branch=\(branch);rport"), (.maxForwards, "70"),
                (.from, "\(invite.value(.to)!.string);tag=callee\(callee.port)"), (.to, invite.value(.from)!.string),
                (.callID, invite.value(.callID)!.string), (.cseq, "1 BYE"),
            ] + invite.values(.recordRoute).map { (.route, $0.string) })
        mesh.receive(bye, at: callee.server, fromPort: callee.port)
        guard
            let arrived = mesh.message(
                from: caller.server, toPort: caller.port, within: .seconds(2), where: { $0.method == .bye })
        else { return false }
        mesh.receive(arrived.response(200), at: caller.server, fromPort: caller.port)
        return true
    }
}
