import SIPMessages

/// This node as the proxy next to a user agent that registers elsewhere (RFC 3327, RFC 5626 §5).
extension Router {
    /// The Path value for a REGISTER that is forwarded; nil where the user agent does not know of Path.
    ///
    /// RFC 5626 §5.1: the proxy next to the user agent puts a token of the flow into it, and `ob`, which no other may. One
    /// Via says that it is next.
    func path(for request: SIPMessage, arrival: Flow) -> String? {
        // RFC 3327 §5.2: who does not support Path might not expect what comes of it.
        guard request.method == .register, request.supports("path"), case .endpoint = arrival.remote,
            request.values(.via).count == 1
        else { return nil }
        var uri = uri(
            .sip, transport: arrival.transport, local: arrival.local, user: FlowToken(arrival).text(key: key))
        if request.requestURI?.scheme == .sips { uri.scheme = .sips }
        uri.parameters.set("ob", nil)
        return "<\(uri)>"
    }

    /// What the topmost Route says of the flow by which a request is to go on, when it is a Path of ours.
    func passage(of received: SIPMessage, arrival: Flow) -> Passage {
        guard let route = received.firstValue(.route), let uri = try? NameAddress(route, of: .route).uri,
            uri.parameter("ob") != nil, let user = uri.user, isSelf(uri, arrival: arrival)
        else { return .none }
        guard let token = FlowToken(user, key: key) else { return .forged }
        // RFC 5626 §5.3: what comes by the flow itself goes out, wherever it says.
        return token.flow == arrival ? .none : .flow(token.flow)
    }

    enum Passage: Hashable, Sendable {
        case none
        case flow(Flow)
        case forged
    }
}
