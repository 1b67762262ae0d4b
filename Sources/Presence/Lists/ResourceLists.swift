import XMLTree

/// The names of resource lists documents (RFC 4826 §3).
package enum ResourceLists {
    /// RFC 4826 §3.1.
    package static let namespace = "urn:ietf:params:xml:ns:resource-lists"
    /// RFC 4826 §3.4.2.
    package static let contentType = "application/resource-lists+xml"

    static let resourceLists = XMLName("resource-lists", in: namespace)
    static let list = XMLName("list", in: namespace)
    static let entry = XMLName("entry", in: namespace)
    static let entryRef = XMLName("entry-ref", in: namespace)
    static let external = XMLName("external", in: namespace)
    static let displayName = XMLName("display-name", in: namespace)

    static let name = XMLName("name")
    static let uri = XMLName("uri")
    static let ref = XMLName("ref")
    static let anchor = XMLName("anchor")
    static let language = XMLName("lang", in: XMLName.xmlNamespace)
}
