import XMLTree

/// The names of presence authorization rules (RFC 5025 §7).
package enum PresenceRules {
    /// RFC 5025 §11.2.
    package static let namespace = "urn:ietf:params:xml:ns:pres-rules"

    static let subHandling = name("sub-handling")
    static let provideDevices = name("provide-devices")
    static let allDevices = name("all-devices")
    static let providePersons = name("provide-persons")
    static let allPersons = name("all-persons")
    static let provideServices = name("provide-services")
    static let allServices = name("all-services")
    static let `class` = name("class")
    static let occurrenceID = name("occurrence-id")
    static let deviceID = name("deviceID")
    static let serviceURI = name("service-uri")
    static let serviceURIScheme = name("service-uri-scheme")
    static let provideUserInput = name("provide-user-input")
    static let provideUnknownAttribute = name("provide-unknown-attribute")
    static let provideAllAttributes = name("provide-all-attributes")

    /// Attributes of ``provideUnknownAttribute``: the unqualified name and the namespace of what it permits.
    static let unknownName = XMLName("name")
    static let unknownNamespace = XMLName("ns")

    static func name(_ local: String) -> XMLName { XMLName(local, in: namespace) }
}
