import Primitives
import SIPMessages

/// What digest authentication looks at of a request, be it of SIP or of HTTP.
package struct DigestRequest: Sendable {
    /// The method's name.
    package var method: String
    /// The URI that the credentials have to name; nil when the request may have been given another on its way.
    package var uri: String?
    /// The values of the header fields with credentials.
    package var credentials: [HeaderText]
    /// Where the request came from, for the back-off.
    package var address: IPAddress
    /// Whether who sent it can be offered MD5 only.
    package var isLimitedToMD5: Bool

    package init(
        method: String, uri: String?, credentials: [HeaderText], address: IPAddress, isLimitedToMD5: Bool = false
    ) {
        self.method = method
        self.uri = uri
        self.credentials = credentials
        self.address = address
        self.isLimitedToMD5 = isLimitedToMD5
    }
}
