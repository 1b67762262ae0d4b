import XMLTree

/// The names of dialog information documents (RFC 4235 §4).
enum DialogNames {
    /// RFC 4235 §4.
    static let namespace = "urn:ietf:params:xml:ns:dialog-info"

    static let dialogInfo = XMLName("dialog-info", in: namespace)
    static let dialog = XMLName("dialog", in: namespace)
    static let state = XMLName("state", in: namespace)
    static let replaces = XMLName("replaces", in: namespace)
    static let referredBy = XMLName("referred-by", in: namespace)
    static let routeSet = XMLName("route-set", in: namespace)
    static let hop = XMLName("hop", in: namespace)
    static let local = XMLName("local", in: namespace)
    static let remote = XMLName("remote", in: namespace)
    static let identity = XMLName("identity", in: namespace)
    static let target = XMLName("target", in: namespace)
    static let param = XMLName("param", in: namespace)

    static let entity = XMLName("entity")
    static let documentState = XMLName("state")
    static let id = XMLName("id")
    static let callID = XMLName("call-id")
    static let localTag = XMLName("local-tag")
    static let remoteTag = XMLName("remote-tag")
    static let direction = XMLName("direction")
    static let event = XMLName("event")
    static let code = XMLName("code")
    static let uri = XMLName("uri")
    static let parameterName = XMLName("pname")
    static let parameterValue = XMLName("pval")
    /// RFC 4235 §4.1.6.1 and its examples; the schema of §4.4 has the other.
    static let display = XMLName("display")
    static let displayName = XMLName("display-name")
}
