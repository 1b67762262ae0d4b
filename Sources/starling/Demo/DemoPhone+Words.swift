import Primitives
import SIPMessages
import UserAgent

extension DemoPhone {
    /// A phone's report in words.
    static func words(_ report: UserAgent.Action) -> String {
        switch report {
        case .transport: "sent something"
        case .registered: "registered"
        case .registrationFailed(let status, let reason, _): "could not register: \(status) \(reason)"
        case .unregistered: "unregistered"
        case .published: "published"
        case .unpublished: "took back what it had published"
        case .publicationFailed(let status, let reason, _): "could not publish: \(status) \(reason)"
        case .presenceOf(let who, _, let isOpen, let note):
            "saw \(who) \(isOpen == true ? "open" : "closed")" + (note.map { ", \"\($0)\"" } ?? "")
        case .watching(let who): "watches \(who)"
        case .watchEnded(let who, let reason, _): "watches \(who) no more: \(reason)"
        case .messageReceived(let from, let text): "was told by \(from.uri): \"\(text)\""
        case .messageDelivered: "delivered a message"
        case .messageFailed(_, let status, let reason): "could not deliver a message: \(status) \(reason)"
        case .incomingCall(_, let from): "is called by \(from.uri)"
        case .ringing: "hears that it rings"
        case .callAnswered(let number, _): "\(number) is answered"
        case .callEnded(let number, let end): "\(number) is over: \(end)"
        }
    }
}
