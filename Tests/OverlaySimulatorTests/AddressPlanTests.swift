import Primitives
import Testing

@testable import OverlaySimulator

@Suite struct AddressPlanTests {
    @Test func everyNodeAndSybilIsFoundAtItsOwnAddress() {
        let plan = AddressPlan(nodes: 120_000)
        var seen: Set<Endpoint> = []
        for index in stride(from: 0, to: 121_000, by: 7) {
            let endpoint = plan.endpoint(of: index)
            #expect(plan.index(of: endpoint) == index)
            #expect(seen.insert(endpoint).inserted)
        }
        #expect(plan.index(of: Endpoint(address: .loopback, port: 7_065)) == nil)
    }
}
