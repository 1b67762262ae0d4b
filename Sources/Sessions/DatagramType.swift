/// The first byte of every datagram. None of them begins a STUN message, a DTLS record or SIP text.
enum DatagramType: UInt8, Sendable {
    case hello = 0xE1
    case challenge = 0xE2
    case answer = 0xE3
    case acceptance = 0xE4
    case record = 0xE5
    case unknownSession = 0xE6
}
