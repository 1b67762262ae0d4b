import SIPMessages

/// What the SIP transports don't do.
enum TransportRefusal: Error, CustomStringConvertible {
    /// A connection came in beyond what ``TransportLimits`` grants; it is closed without a word.
    case tooManyConnections
    case noCertificate(SIPTransport)
    case unsupported(SIPTransport)

    var description: String {
        switch self {
        case .tooManyConnections: "too many connections"
        case .noCertificate(let transport): "SIP over \(transport.rawValue) needs a certificate"
        case .unsupported(let transport): "nothing listens for SIP over \(transport.rawValue)"
        }
    }
}
