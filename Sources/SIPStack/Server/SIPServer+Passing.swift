import Primitives
import SIPMessages

/// Telling the user of this server of the calls that pass.
extension SIPServer {
    /// Whether a message belongs to a call.
    private static func concernsCall(_ method: SIPMethod?) -> Bool {
        switch method {
        case .invite, .update, .bye: true
        default: false
        }
    }

    private static func method(of response: SIPMessage) -> SIPMethod? { try? response.cseq.method }

    func passed(
        _ request: SIPMessage, on flow: Flow, to destination: Destination, into actions: inout [Action]
    ) {
        guard Self.concernsCall(request.method) else { return }
        // What comes from another node was sent by a user of that one, whatever its From.
        let from = flow.transport == .overlay ? nil : (try? request.from)?.uri.addressOfRecord
        let caller = from.flatMap { router.domains.contains($0.host) ? $0 : nil }
        var callee: AddressOfRecord?
        if case .user(let user, isOwn: true) = destination { callee = user }
        actions.append(.passed(.request(request, caller: caller, callee: callee)))
    }

    func passed(_ response: SIPMessage, into actions: inout [Action]) {
        if Self.concernsCall(Self.method(of: response)) { actions.append(.passed(.branchResponse(response))) }
    }

    func passedBack(_ response: SIPMessage, into actions: inout [Action]) {
        guard let status = response.statusCode, status >= 300, Self.method(of: response) == .invite else { return }
        actions.append(.passed(.finalResponse(response)))
    }

    func unanswered(_ request: SIPMessage, into actions: inout [Action]) {
        if Self.concernsCall(request.method) { actions.append(.passed(.unanswered(request))) }
    }
}
