import Testing

extension EndToEndTests {
    /// A thousand users register, half of them at each gateway, and those at A call those at B. SIPp counts.
    @Test(
        .enabled(if: Installed.hasAll("sipp"), "sipp is not installed"), .timeLimit(.minutes(10)))
    func aThousandUsersRegisterAndFiveHundredCallsSucceed() async throws {
        let callers = (0..<500).map { "a\($0)" }
        let callees = (0..<500).map { "b\($0)" }
        let password = { (user: String) in "secret-of-\(user)" }
        let row = { (user: String) in
            [user, LocalOverlay.domain, SIPp.credentials(user: user, password: password(user))]
        }
        let all = SIPp.Count(successful: 500, failed: 0)
        try await Bench.run { bench in
            let overlay = try await LocalOverlay.start(
                on: bench, users: (callers + callees).map { ($0, password($0)) })
            let (callerPort, calleePort) = (FreePorts.shared.row(), FreePorts.shared.row())
            let (a, b) = (overlay.sip(of: .gatewayA), overlay.sip(of: .gatewayB))
            try await eventually("gateway B knows every account", within: .seconds(120)) {
                let known = try await overlay.ask(.gatewayB, "user", "list") ?? ""
                return (callers + callees).allSatisfy { known.contains("\($0)@example.org") }
            }
            let registerCallers = try SIPp(
                "register", name: "register-callers", rows: callers.map { row($0) + ["\(callerPort)"] }, times: 500,
                from: callerPort, to: a, on: bench)
            let registerCallees = try SIPp(
                "register", name: "register-callees", rows: callees.map { row($0) + ["\(calleePort)"] }, times: 500,
                from: calleePort, to: b, on: bench)
            try await expect(all, of: registerCallers)
            try await expect(all, of: registerCallees)

            // A gateway answers a REGISTER before the overlay holds its record: calls begin when the last ones are found.
            try await eventually("each gateway finds who registered last at the other", within: .seconds(180)) {
                let there = try await overlay.ask(.gatewayA, "lookup", "b499@example.org", "--json") ?? ""
                let back = try await overlay.ask(.gatewayB, "lookup", "a499@example.org", "--json") ?? ""
                return there.contains(":\(calleePort)") && back.contains(":\(callerPort)")
            }
            let answer = try SIPp("answer", name: "answer", times: 500, from: calleePort, to: b, on: bench)
            let call = try SIPp(
                "call", name: "call", rows: zip(callers, callees).map { row($0) + [$1] }, times: 500, rate: 25,
                from: callerPort, to: a, on: bench)
            try await expect(all, of: call)
            try await expect(all, of: answer)
        }
    }

    private func expect(_ count: SIPp.Count, of phone: SIPp) async throws {
        let counted = try await phone.finished()
        guard counted == count else { throw NeverHappened("\(phone.program.name) counted \(counted), not \(count)") }
    }
}
