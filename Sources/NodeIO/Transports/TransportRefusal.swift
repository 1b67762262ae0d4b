import SIPMessages

/// What the SIP transports don't do.
enum TransportRefusal: Error, CustomStringConvertible {
    /// A connection came in beyond what ``TransportLimits`` grants; it is closed without a word.
    case tooManyConnections
    case unsupported(SIPTransport)

    var description: String {
        switch self {
        case .tooManyConnections: "too many connections"
        case .unsupported(let transport): "SIP over \(transport.rawValue) is not there yet; udp and tcp are"
        }
    }
}
