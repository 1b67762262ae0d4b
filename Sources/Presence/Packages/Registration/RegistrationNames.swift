import XMLTree

/// The names of registration information documents (RFC 3680 §5, RFC 5628 §9).
enum RegistrationNames {
    /// RFC 3680 §5.1.
    static let namespace = "urn:ietf:params:xml:ns:reginfo"
    /// RFC 5628 §9.
    static let gruuNamespace = "urn:ietf:params:xml:ns:gruuinfo"

    static let registration = XMLName("registration", in: namespace)
    static let contact = XMLName("contact", in: namespace)
    static let uri = XMLName("uri", in: namespace)
    static let unknownParameter = XMLName("unknown-param", in: namespace)
    static let publicGRUU = XMLName("pub-gruu", in: gruuNamespace)
}
