/// Who sent a request through the SIP server, folded into the one number that comes back with the response.
enum RequestOwner {
    case presenceAgent(UInt64)
    case subscriber(UInt64)
    case mailbox(UInt64)
    /// Of the service for messages to lists, which does not ask what became of its copies.
    case messageLists(UInt64)

    init(_ number: UInt64) {
        let own = number >> 2
        switch number & 3 {
        case 0: self = .presenceAgent(own)
        case 1: self = .subscriber(own)
        case 2: self = .mailbox(own)
        default: self = .messageLists(own)
        }
    }

    var number: UInt64 {
        switch self {
        case .presenceAgent(let own): own << 2
        case .subscriber(let own): own << 2 | 1
        case .mailbox(let own): own << 2 | 2
        case .messageLists(let own): own << 2 | 3
        }
    }
}
