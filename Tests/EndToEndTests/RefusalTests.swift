import Foundation
import Testing

extension EndToEndTests {
    /// Whoever guesses learns nothing: a wrong password and a user who does not exist are answered alike.
    @Test(
        .enabled(if: Installed.hasAll("sipp"), "sipp is not installed"), .timeLimit(.minutes(5)))
    func aWrongPasswordAndAnUnknownUserAreRefusedAlike() async throws {
        try await Bench.run { bench in
            let overlay = try await LocalOverlay.start(on: bench)
            var answers: [[String]] = []
            for user in ["alice", "nobody"] {
                let port = FreePorts.shared.row()
                let row = [user, LocalOverlay.domain, SIPp.credentials(user: user, password: "wrong"), "\(port)"]
                let phone = try SIPp(
                    "register-refused", name: user, rows: [row], times: 1, from: port, to: overlay.sip(of: .gatewayA),
                    on: bench)
                let count = try await phone.finished()
                guard count == SIPp.Count(successful: 1, failed: 0) else {
                    throw NeverHappened("\(user) was not refused: \(count)\n\(SIPp.messages(of: user, on: bench))")
                }
                answers.append(shapes(of: SIPp.messages(of: user, on: bench)))
            }
            guard answers[0] == answers[1], answers[0].count >= 2 else {
                throw NeverHappened("the answers differ:\n\(answers[0])\n\(answers[1])")
            }
        }
    }

    /// Each answer's status line with the names of its header fields: what differs from call to call is left out.
    private func shapes(of messages: String) -> [String] {
        // Swift takes a carriage return with a line feed for one character, which is not what a "\n" splits at.
        messages.replacing("\r\n", with: "\n").components(separatedBy: "SIP/2.0 ").dropFirst().compactMap { part in
            let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            // A request ends its first line with the version, so what follows it there begins with a line break.
            guard let status = lines.first, status.first?.isNumber == true else { return nil }
            let names = lines.dropFirst().prefix { !$0.isEmpty }.compactMap { $0.split(separator: ":").first }
            return ([status] + names.map(String.init)).joined(separator: "|")
        }
    }
}
