import SIPMessages

/// An Authorization or Proxy-Authorization header field that answers a challenge.
package struct CredentialField: Hashable, Sendable {
    package var name: HeaderName
    package var value: String

    package init(_ name: HeaderName, _ value: String) {
        self.name = name
        self.value = value
    }
}
