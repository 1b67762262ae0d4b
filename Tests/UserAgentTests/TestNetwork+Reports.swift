import Primitives
import UserAgent

/// What user agents reported, in words that a test can compare.
extension TestNetwork {
    func reports(_ endpoint: Endpoint) -> [String] { (reports[endpoint] ?? []).map(Self.words) }

    /// Whether a user agent has reported something that begins so.
    func has(_ endpoint: Endpoint, _ beginning: String) -> Bool {
        reports(endpoint).contains { $0.hasPrefix(beginning) }
    }

    func end(of number: CallNumber, at endpoint: Endpoint) -> CallEnd? {
        for case .callEnded(number, let end) in reports[endpoint] ?? [] { return end }
        return nil
    }

    static func words(_ action: UserAgent.Action) -> String {
        switch action {
        case .transport: "transport"
        case .registered: "registered"
        case .registrationFailed(let status, _, _): "registrationFailed \(status)"
        case .unregistered: "unregistered"
        case .published: "published"
        case .unpublished: "unpublished"
        case .publicationFailed(let status, _, _): "publicationFailed \(status)"
        case .presenceOf(let who, _, let isOpen, let note):
            "presenceOf \(who) \(isOpen.map { $0 ? "open" : "closed" } ?? "unknown") \(note ?? "")"
        case .watching(let who): "watching \(who)"
        case .watchEnded(let who, let reason, _): "watchEnded \(who) \(reason)"
        case .messageReceived(let from, let text):
            "messageReceived \(from.uri.addressOfRecord.map(\.description) ?? "") \(text)"
        case .messageDelivered(let number): "messageDelivered \(number)"
        case .messageFailed(let number, let status, _): "messageFailed \(number) \(status)"
        case .incomingCall(let number, let from):
            "incomingCall \(number) \(from.uri.addressOfRecord.map(\.description) ?? "")"
        case .ringing(let number): "ringing \(number)"
        case .callAnswered(let number, let media): "callAnswered \(number) \(media.map(\.description) ?? "")"
        case .callEnded(let number, let end): "callEnded \(number) \(end)"
        }
    }
}
