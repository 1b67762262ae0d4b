import OverlayNode
import Primitives
import SIPMessages
import SIPStack
import Testing

/// Devices with flows to several gateways, and their GRUUs (RFC 5626, RFC 5627), called from a third node.
@Suite struct DevicesAcrossGatewaysTests {
    private static func register(
        _ phone: inout Phone, device: String, flow: Int?, _ mesh: inout Mesh
    ) throws -> ContactHeader {
        let flow = flow.map { ";reg-id=\($0)" } ?? ""
        let answer = phone.perform(
            &mesh, .register, to: SIPURI(host: "example.org"), password: "pw-\(phone.user)",
            headers: [
                (.contact, "\(phone.contact);+sip.instance=\"<urn:uuid:\(device)>\"\(flow)"), (.expires, "3600"),
                (.supported, "path, outbound, gruu"),
            ])
        let response = try #require(answer)
        #expect(response.statusCode == 200)
        #expect(try response.require == (flow.isEmpty ? [] : ["outbound"]))
        return try #require(try response.contacts.first { $0.instance == "urn:uuid:\(device)" })
    }

    /// The phones, of those given, that a request reaches within the time.
    private static func reached(
        _ phones: [Phone], by method: SIPMethod, _ mesh: inout Mesh, callID: String? = nil,
        within limit: Interval = .seconds(5)
    ) -> [(phone: Phone, request: SIPMessage)] {
        mesh.run(for: limit)
        return phones.compactMap { phone in
            mesh.message(from: phone.server, toPort: phone.port, within: .zero) { message in
                message.method == method && (callID == nil || (try? message.callID) == callID)
            }.map { (phone, $0) }
        }
    }

    @Test func oneGatewayIsAskedAndThenTheOther() throws {
        var mesh = try Mesh.twoGateways(seed: 61)
        var flows = [Phone("alice", port: 6001, server: 0), Phone("alice", port: 6011, server: 1)]
        for index in flows.indices {
            _ = try Self.register(&flows[index], device: "1", flow: index + 1, &mesh)
        }
        var carol = Phone("carol", port: 6003, server: 2)
        #expect(carol.register(&mesh, password: "pw-carol") == 200)
        mesh.run(for: .seconds(1))
        carol.send(&mesh, .options, to: flows[0].uri, password: "pw-carol")
        let first = Self.reached(flows, by: .options, &mesh)
        #expect(first.count == 1)
        let used = try #require(first.first)
        mesh.receive(used.request.response(200, toTag: "x"), at: used.phone.server, fromPort: used.phone.port)
        #expect(carol.final(&mesh)?.statusCode == 200)

        // The gateway that was asked dies, and nobody knows of it yet.
        mesh.kill(used.phone.server)
        let left = flows.filter { $0.server != used.phone.server }
        carol.send(&mesh, .invite, to: flows[0].uri, password: "pw-carol", headers: [(.contact, carol.contact)])
        let second = Self.reached(left, by: .invite, &mesh, within: .seconds(40))
        #expect(second.count == 1)
        mesh.receive(
            try #require(second.first).request.response(486, toTag: "y"), at: left[0].server, fromPort: left[0].port)
        #expect(carol.final(&mesh)?.statusCode == 486)
    }

    @Test func aGRUULeadsToItsDeviceFromAnywhere() throws {
        var mesh = try Mesh.twoGateways(seed: 62)
        var desk = Phone("alice", port: 6001, server: 0)
        var mobile = Phone("alice", port: 6011, server: 1)
        let atDesk = try Self.register(&desk, device: "1", flow: nil, &mesh)
        let atMobile = try Self.register(&mobile, device: "2", flow: nil, &mesh)
        var callers = [
            Phone("carol", port: 6003, server: 2), Phone("bob", port: 6002, server: 0),
            Phone("bob", port: 6012, server: 1),
        ]
        mesh.run(for: .seconds(1))
        for index in callers.indices {
            for (contact, phone) in [(atDesk, desk), (atMobile, mobile)] {
                for name in ["pub-gruu", "temp-gruu"] {
                    let gruu = try #require(contact.address.parameters[name].flatMap { SIPURI($0) })
                    let call = "\(index)\(phone.port)\(name)"
                    callers[index].send(
                        &mesh, .options, to: gruu, password: "pw-\(callers[index].user)", callID: call)
                    let arrived = Self.reached(
                        [desk, mobile], by: .options, &mesh, callID: call, within: .seconds(1))
                    #expect(arrived.map(\.phone.port) == [phone.port], "\(name) from \(callers[index].server)")
                    guard let request = arrived.first?.request else { continue }
                    #expect(request.requestURI?.parameter("gr") == nil)
                    mesh.receive(request.response(200, toTag: "x"), at: phone.server, fromPort: phone.port)
                    #expect(callers[index].final(&mesh)?.statusCode == 200)
                }
            }
        }
        // A device that no gateway knows.
        let unknown = try #require(SIPURI("sip:alice@example.org;gr=urn:uuid:3"))
        #expect(callers[1].perform(&mesh, .options, to: unknown, password: "pw-bob")?.statusCode == 480)
    }
}
