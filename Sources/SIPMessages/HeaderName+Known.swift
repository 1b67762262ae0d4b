/// The names of the header fields that the RFCs of SIP and its presence extensions define.
extension HeaderName {
    /// `Accept`
    package static var accept: HeaderName { HeaderName(.accept) }
    /// `Accept-Contact`
    package static var acceptContact: HeaderName { HeaderName(.acceptContact) }
    /// `Accept-Encoding`
    package static var acceptEncoding: HeaderName { HeaderName(.acceptEncoding) }
    /// `Accept-Language`
    package static var acceptLanguage: HeaderName { HeaderName(.acceptLanguage) }
    /// `Alert-Info`
    package static var alertInfo: HeaderName { HeaderName(.alertInfo) }
    /// `Allow`
    package static var allow: HeaderName { HeaderName(.allow) }
    /// `Allow-Events`
    package static var allowEvents: HeaderName { HeaderName(.allowEvents) }
    /// `Authentication-Info`
    package static var authenticationInfo: HeaderName { HeaderName(.authenticationInfo) }
    /// `Authorization`
    package static var authorization: HeaderName { HeaderName(.authorization) }
    /// `Call-ID`
    package static var callID: HeaderName { HeaderName(.callID) }
    /// `Call-Info`
    package static var callInfo: HeaderName { HeaderName(.callInfo) }
    /// `Contact`
    package static var contact: HeaderName { HeaderName(.contact) }
    /// `Content-Disposition`
    package static var contentDisposition: HeaderName { HeaderName(.contentDisposition) }
    /// `Content-Encoding`
    package static var contentEncoding: HeaderName { HeaderName(.contentEncoding) }
    /// `Content-ID`
    package static var contentID: HeaderName { HeaderName(.contentID) }
    /// `Content-Language`
    package static var contentLanguage: HeaderName { HeaderName(.contentLanguage) }
    /// `Content-Length`
    package static var contentLength: HeaderName { HeaderName(.contentLength) }
    /// `Content-Type`
    package static var contentType: HeaderName { HeaderName(.contentType) }
    /// `CSeq`
    package static var cseq: HeaderName { HeaderName(.cseq) }
    /// `Date`
    package static var date: HeaderName { HeaderName(.date) }
    /// `Error-Info`
    package static var errorInfo: HeaderName { HeaderName(.errorInfo) }
    /// `Event`
    package static var event: HeaderName { HeaderName(.event) }
    /// `Expires`
    package static var expires: HeaderName { HeaderName(.expires) }
    /// `Feature-Caps`
    package static var featureCaps: HeaderName { HeaderName(.featureCaps) }
    /// `Flow-Timer`
    package static var flowTimer: HeaderName { HeaderName(.flowTimer) }
    /// `From`
    package static var from: HeaderName { HeaderName(.from) }
    /// `Geolocation`
    package static var geolocation: HeaderName { HeaderName(.geolocation) }
    /// `History-Info`
    package static var historyInfo: HeaderName { HeaderName(.historyInfo) }
    /// `Identity`
    package static var identity: HeaderName { HeaderName(.identity) }
    /// `In-Reply-To`
    package static var inReplyTo: HeaderName { HeaderName(.inReplyTo) }
    /// `Join`
    package static var join: HeaderName { HeaderName(.join) }
    /// `Max-Breadth`
    package static var maxBreadth: HeaderName { HeaderName(.maxBreadth) }
    /// `Max-Forwards`
    package static var maxForwards: HeaderName { HeaderName(.maxForwards) }
    /// `MIME-Version`
    package static var mimeVersion: HeaderName { HeaderName(.mimeVersion) }
    /// `Min-Expires`
    package static var minExpires: HeaderName { HeaderName(.minExpires) }
    /// `Min-SE`
    package static var minSE: HeaderName { HeaderName(.minSE) }
    /// `Organization`
    package static var organization: HeaderName { HeaderName(.organization) }
    /// `P-Access-Network-Info`
    package static var pAccessNetworkInfo: HeaderName { HeaderName(.pAccessNetworkInfo) }
    /// `P-Asserted-Identity`
    package static var pAssertedIdentity: HeaderName { HeaderName(.pAssertedIdentity) }
    /// `P-Associated-URI`
    package static var pAssociatedURI: HeaderName { HeaderName(.pAssociatedURI) }
    /// `P-Preferred-Identity`
    package static var pPreferredIdentity: HeaderName { HeaderName(.pPreferredIdentity) }
    /// `Path`
    package static var path: HeaderName { HeaderName(.path) }
    /// `Priority`
    package static var priority: HeaderName { HeaderName(.priority) }
    /// `Privacy`
    package static var privacy: HeaderName { HeaderName(.privacy) }
    /// `Proxy-Authenticate`
    package static var proxyAuthenticate: HeaderName { HeaderName(.proxyAuthenticate) }
    /// `Proxy-Authorization`
    package static var proxyAuthorization: HeaderName { HeaderName(.proxyAuthorization) }
    /// `Proxy-Require`
    package static var proxyRequire: HeaderName { HeaderName(.proxyRequire) }
    /// `RAck`
    package static var rack: HeaderName { HeaderName(.rack) }
    /// `Reason`
    package static var reason: HeaderName { HeaderName(.reason) }
    /// `Record-Route`
    package static var recordRoute: HeaderName { HeaderName(.recordRoute) }
    /// `Recv-Info`
    package static var recvInfo: HeaderName { HeaderName(.recvInfo) }
    /// `Refer-Sub`
    package static var referSub: HeaderName { HeaderName(.referSub) }
    /// `Refer-To`
    package static var referTo: HeaderName { HeaderName(.referTo) }
    /// `Referred-By`
    package static var referredBy: HeaderName { HeaderName(.referredBy) }
    /// `Reject-Contact`
    package static var rejectContact: HeaderName { HeaderName(.rejectContact) }
    /// `Replaces`
    package static var replaces: HeaderName { HeaderName(.replaces) }
    /// `Reply-To`
    package static var replyTo: HeaderName { HeaderName(.replyTo) }
    /// `Request-Disposition`
    package static var requestDisposition: HeaderName { HeaderName(.requestDisposition) }
    /// `Require`
    package static var require: HeaderName { HeaderName(.require) }
    /// `Resource-Priority`
    package static var resourcePriority: HeaderName { HeaderName(.resourcePriority) }
    /// `Retry-After`
    package static var retryAfter: HeaderName { HeaderName(.retryAfter) }
    /// `Route`
    package static var route: HeaderName { HeaderName(.route) }
    /// `RSeq`
    package static var rseq: HeaderName { HeaderName(.rseq) }
    /// `Security-Client`
    package static var securityClient: HeaderName { HeaderName(.securityClient) }
    /// `Security-Server`
    package static var securityServer: HeaderName { HeaderName(.securityServer) }
    /// `Security-Verify`
    package static var securityVerify: HeaderName { HeaderName(.securityVerify) }
    /// `Server`
    package static var server: HeaderName { HeaderName(.server) }
    /// `Service-Route`
    package static var serviceRoute: HeaderName { HeaderName(.serviceRoute) }
    /// `Session-Expires`
    package static var sessionExpires: HeaderName { HeaderName(.sessionExpires) }
    /// `SIP-ETag`
    package static var sipETag: HeaderName { HeaderName(.sipETag) }
    /// `SIP-If-Match`
    package static var sipIfMatch: HeaderName { HeaderName(.sipIfMatch) }
    /// `Subject`
    package static var subject: HeaderName { HeaderName(.subject) }
    /// `Subscription-State`
    package static var subscriptionState: HeaderName { HeaderName(.subscriptionState) }
    /// `Supported`
    package static var supported: HeaderName { HeaderName(.supported) }
    /// `Suppress-If-Match`
    package static var suppressIfMatch: HeaderName { HeaderName(.suppressIfMatch) }
    /// `Target-Dialog`
    package static var targetDialog: HeaderName { HeaderName(.targetDialog) }
    /// `Timestamp`
    package static var timestamp: HeaderName { HeaderName(.timestamp) }
    /// `To`
    package static var to: HeaderName { HeaderName(.to) }
    /// `Unsupported`
    package static var unsupported: HeaderName { HeaderName(.unsupported) }
    /// `User-Agent`
    package static var userAgent: HeaderName { HeaderName(.userAgent) }
    /// `Via`
    package static var via: HeaderName { HeaderName(.via) }
    /// `Warning`
    package static var warning: HeaderName { HeaderName(.warning) }
    /// `WWW-Authenticate`
    package static var wwwAuthenticate: HeaderName { HeaderName(.wwwAuthenticate) }
}
