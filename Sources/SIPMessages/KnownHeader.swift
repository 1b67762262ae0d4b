/// The header fields this module knows by number, so that finding one in a message is comparing one byte.
///
/// Names and compact forms are those of the IANA registry "SIP Parameters" (RFC 3261 §20, RFC 3265, 3515, 3841, 3892, 4028,
/// 4474, 6665); `other` stands for every name that is not in the list.
enum KnownHeader: UInt8, CaseIterable, Sendable {
    case other = 0
    case accept
    case acceptContact
    case acceptEncoding
    case acceptLanguage
    case alertInfo
    case allow
    case allowEvents
    case authenticationInfo
    case authorization
    case callID
    case callInfo
    case contact
    case contentDisposition
    case contentEncoding
    case contentID
    case contentLanguage
    case contentLength
    case contentType
    case cseq
    case date
    case errorInfo
    case event
    case expires
    case featureCaps
    case flowTimer
    case from
    case geolocation
    case historyInfo
    case identity
    case inReplyTo
    case join
    case maxBreadth
    case maxForwards
    case mimeVersion
    case minExpires
    case minSE
    case organization
    case pAccessNetworkInfo
    case pAssertedIdentity
    case pAssociatedURI
    case pPreferredIdentity
    case path
    case priority
    case privacy
    case proxyAuthenticate
    case proxyAuthorization
    case proxyRequire
    case rack
    case reason
    case recordRoute
    case recvInfo
    case referSub
    case referTo
    case referredBy
    case rejectContact
    case replaces
    case replyTo
    case requestDisposition
    case require
    case resourcePriority
    case retryAfter
    case route
    case rseq
    case securityClient
    case securityServer
    case securityVerify
    case server
    case serviceRoute
    case sessionExpires
    case sipETag
    case sipIfMatch
    case subject
    case subscriptionState
    case supported
    case suppressIfMatch
    case targetDialog
    case timestamp
    case to
    case unsupported
    case userAgent
    case via
    case warning
    case wwwAuthenticate
}

extension KnownHeader {
    /// What the registry says of one name.
    struct Entry: Sendable {
        let name: StaticString
        /// The one-letter form (RFC 3261 §7.3.3); 0 where there is none.
        let compact: UInt8
        /// Whether several values may stand in one field, parted by commas (RFC 3261 §7.3.1).
        let isList: Bool
    }

    /// The header in a set of them. There are fewer than 128.
    var bit: UInt128 { 1 &<< UInt128(rawValue) }

    /// The names as they are written, in the order of the raw values.
    static let names = entries.map { Array("\($0.name)".utf8) }

    /// One entry for each case, in the order of the raw values.
    static let entries: [Entry] = [
        Entry(name: "", compact: 0, isList: false),
        Entry(name: "Accept", compact: 0, isList: true),
        Entry(name: "Accept-Contact", compact: UInt8(ascii: "a"), isList: true),
        Entry(name: "Accept-Encoding", compact: 0, isList: true),
        Entry(name: "Accept-Language", compact: 0, isList: true),
        Entry(name: "Alert-Info", compact: 0, isList: true),
        Entry(name: "Allow", compact: 0, isList: true),
        Entry(name: "Allow-Events", compact: UInt8(ascii: "u"), isList: true),
        Entry(name: "Authentication-Info", compact: 0, isList: false),
        Entry(name: "Authorization", compact: 0, isList: false),
        Entry(name: "Call-ID", compact: UInt8(ascii: "i"), isList: false),
        Entry(name: "Call-Info", compact: 0, isList: true),
        Entry(name: "Contact", compact: UInt8(ascii: "m"), isList: true),
        Entry(name: "Content-Disposition", compact: 0, isList: false),
        Entry(name: "Content-Encoding", compact: UInt8(ascii: "e"), isList: true),
        Entry(name: "Content-ID", compact: 0, isList: false),
        Entry(name: "Content-Language", compact: 0, isList: true),
        Entry(name: "Content-Length", compact: UInt8(ascii: "l"), isList: false),
        Entry(name: "Content-Type", compact: UInt8(ascii: "c"), isList: false),
        Entry(name: "CSeq", compact: 0, isList: false),
        Entry(name: "Date", compact: 0, isList: false),
        Entry(name: "Error-Info", compact: 0, isList: true),
        Entry(name: "Event", compact: UInt8(ascii: "o"), isList: false),
        Entry(name: "Expires", compact: 0, isList: false),
        Entry(name: "Feature-Caps", compact: 0, isList: true),
        Entry(name: "Flow-Timer", compact: 0, isList: false),
        Entry(name: "From", compact: UInt8(ascii: "f"), isList: false),
        Entry(name: "Geolocation", compact: 0, isList: true),
        Entry(name: "History-Info", compact: 0, isList: true),
        Entry(name: "Identity", compact: UInt8(ascii: "y"), isList: false),
        Entry(name: "In-Reply-To", compact: 0, isList: true),
        Entry(name: "Join", compact: 0, isList: false),
        Entry(name: "Max-Breadth", compact: 0, isList: false),
        Entry(name: "Max-Forwards", compact: 0, isList: false),
        Entry(name: "MIME-Version", compact: 0, isList: false),
        Entry(name: "Min-Expires", compact: 0, isList: false),
        Entry(name: "Min-SE", compact: 0, isList: false),
        Entry(name: "Organization", compact: 0, isList: false),
        Entry(name: "P-Access-Network-Info", compact: 0, isList: false),
        Entry(name: "P-Asserted-Identity", compact: 0, isList: true),
        Entry(name: "P-Associated-URI", compact: 0, isList: true),
        Entry(name: "P-Preferred-Identity", compact: 0, isList: true),
        Entry(name: "Path", compact: 0, isList: true),
        Entry(name: "Priority", compact: 0, isList: false),
        Entry(name: "Privacy", compact: 0, isList: false),
        Entry(name: "Proxy-Authenticate", compact: 0, isList: false),
        Entry(name: "Proxy-Authorization", compact: 0, isList: false),
        Entry(name: "Proxy-Require", compact: 0, isList: true),
        Entry(name: "RAck", compact: 0, isList: false),
        Entry(name: "Reason", compact: 0, isList: true),
        Entry(name: "Record-Route", compact: 0, isList: true),
        Entry(name: "Recv-Info", compact: 0, isList: true),
        Entry(name: "Refer-Sub", compact: 0, isList: false),
        Entry(name: "Refer-To", compact: UInt8(ascii: "r"), isList: false),
        Entry(name: "Referred-By", compact: UInt8(ascii: "b"), isList: false),
        Entry(name: "Reject-Contact", compact: UInt8(ascii: "j"), isList: true),
        Entry(name: "Replaces", compact: 0, isList: false),
        Entry(name: "Reply-To", compact: 0, isList: false),
        Entry(name: "Request-Disposition", compact: UInt8(ascii: "d"), isList: true),
        Entry(name: "Require", compact: 0, isList: true),
        Entry(name: "Resource-Priority", compact: 0, isList: true),
        Entry(name: "Retry-After", compact: 0, isList: false),
        Entry(name: "Route", compact: 0, isList: true),
        Entry(name: "RSeq", compact: 0, isList: false),
        Entry(name: "Security-Client", compact: 0, isList: true),
        Entry(name: "Security-Server", compact: 0, isList: true),
        Entry(name: "Security-Verify", compact: 0, isList: true),
        Entry(name: "Server", compact: 0, isList: false),
        Entry(name: "Service-Route", compact: 0, isList: true),
        Entry(name: "Session-Expires", compact: UInt8(ascii: "x"), isList: false),
        Entry(name: "SIP-ETag", compact: 0, isList: false),
        Entry(name: "SIP-If-Match", compact: 0, isList: false),
        Entry(name: "Subject", compact: UInt8(ascii: "s"), isList: false),
        Entry(name: "Subscription-State", compact: 0, isList: false),
        Entry(name: "Supported", compact: UInt8(ascii: "k"), isList: true),
        Entry(name: "Suppress-If-Match", compact: 0, isList: false),
        Entry(name: "Target-Dialog", compact: 0, isList: false),
        Entry(name: "Timestamp", compact: 0, isList: false),
        Entry(name: "To", compact: UInt8(ascii: "t"), isList: false),
        Entry(name: "Unsupported", compact: 0, isList: true),
        Entry(name: "User-Agent", compact: 0, isList: false),
        Entry(name: "Via", compact: UInt8(ascii: "v"), isList: true),
        Entry(name: "Warning", compact: 0, isList: true),
        Entry(name: "WWW-Authenticate", compact: 0, isList: false),
    ]
}
