import XMLTree

/// The names of rich presence (RFC 4480) that have a meaning here.
enum RPID {
    static let namespace = "urn:ietf:params:xml:ns:pidf:rpid"

    static let `class` = XMLName("class", in: namespace)
    static let sphere = XMLName("sphere", in: namespace)
    static let serviceClass = XMLName("service-class", in: namespace)
    static let userInput = XMLName("user-input", in: namespace)
    static let idleThreshold = XMLName("idle-threshold")
}
