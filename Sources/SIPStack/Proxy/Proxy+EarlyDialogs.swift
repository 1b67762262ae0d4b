import SIPMessages

/// RFC 6228: a caller whose call was forked is told when one of the phones that rang is out of it.
extension Proxy {
    /// More early dialogs than this of one branch are not kept count of: each is a phone behind another proxy.
    private static let maximumEarlyDialogs = 16

    /// Notes which early dialogs a provisional response of a branch opens, or ends by a 199 of its own.
    mutating func noteEarlyDialog(_ response: SIPMessage, of position: Int, in id: ContextID) {
        guard let tag = try? response.to.tag, let status = response.statusCode else { return }
        var tags = contexts[id]!.branches[position].earlyDialogs
        if status == 199 {
            tags.removeAll { $0 == tag }
        } else if !tags.contains(tag), tags.count < Self.maximumEarlyDialogs {
            tags.append(tag)
        }
        contexts[id]!.branches[position].earlyDialogs = tags
    }

    /// RFC 6228 §6: for each early dialog of a branch that was refused, while others go on, a 199 goes upstream, with
    /// the tag of that dialog and the status as Reason; unless the caller does not know 199, or wants every provisional
    /// response to be reliable, which a proxy can't make it.
    mutating func endEarlyDialogs(
        of position: Int, in id: ContextID, by status: Int, into actions: inout [Action]
    ) {
        guard let context = contexts[id], context.method == .invite, !context.isAnswered, !context.isComplete,
            !context.isCancelled, case .server(let server) = context.upstream
        else { return }
        let tags = context.branches[position].earlyDialogs
        contexts[id]!.branches[position].earlyDialogs = []
        let request = context.request
        let required = ((try? request.require) ?? []) + ((try? request.proxyRequire) ?? [])
        guard !tags.isEmpty, !required.contains(where: { $0.lowercased() == "100rel" }),
            ((try? request.supported) ?? []).contains("199"), (try? request.to.tag) == nil
        else { return }
        for tag in tags {
            let reason = ReasonHeader("SIP", cause: status, text: StatusCode.reasonPhrase(status))
            actions.append(
                .respond(server, request.response(199, toTag: tag, headers: [(.reason, reason.description)])))
        }
    }
}
