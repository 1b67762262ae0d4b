import XMLTree

/// The names of the presence information data format (RFC 3863) and of the data model over it (RFC 4479).
package enum PIDF {
    package static let namespace = "urn:ietf:params:xml:ns:pidf"
    package static let dataModelNamespace = "urn:ietf:params:xml:ns:pidf:data-model"
    package static let contentType = "application/pidf+xml"

    package static let presence = XMLName("presence", in: namespace)
    package static let tuple = XMLName("tuple", in: namespace)
    package static let status = XMLName("status", in: namespace)
    package static let basic = XMLName("basic", in: namespace)
    package static let contact = XMLName("contact", in: namespace)
    package static let note = XMLName("note", in: namespace)
    static let timestamp = XMLName("timestamp", in: namespace)
    package static let person = XMLName("person", in: dataModelNamespace)
    package static let device = XMLName("device", in: dataModelNamespace)
    package static let deviceID = XMLName("deviceID", in: dataModelNamespace)
    package static let dataModelNote = XMLName("note", in: dataModelNamespace)
    static let dataModelTimestamp = XMLName("timestamp", in: dataModelNamespace)

    static let entity = XMLName("entity")
    static let id = XMLName("id")
}
