/// Who sent a request through the SIP server, folded into the one number that comes back with the response.
enum RequestOwner {
    case presenceAgent(UInt64)
    case subscriber(UInt64)

    init(_ number: UInt64) { self = number & 1 == 0 ? .presenceAgent(number >> 1) : .subscriber(number >> 1) }

    var number: UInt64 {
        switch self {
        case .presenceAgent(let own): own << 1
        case .subscriber(let own): own << 1 | 1
        }
    }
}
