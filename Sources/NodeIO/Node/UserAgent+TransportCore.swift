import SIPStack
import UserAgent

extension UserAgent: TransportCore {
    package static var wakeEvent: Event { .wake }

    package static func event(for event: TransportEvent) -> Event { .transport(event) }

    package static func transportAction(in action: Action) -> TransportAction? {
        if case .transport(let action) = action { action } else { nil }
    }
}
