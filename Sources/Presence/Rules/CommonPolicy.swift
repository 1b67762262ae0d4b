import XMLTree

/// The names of common policy documents (RFC 4745 §13) and of OMA's conditions in them.
package enum CommonPolicy {
    /// RFC 4745 §15.1.
    package static let namespace = "urn:ietf:params:xml:ns:common-policy"
    /// OMA XDM adds conditions of its own to common policy.
    package static let extensionNamespace = "urn:oma:xml:xdm:common-policy"

    static let ruleset = XMLName("ruleset", in: namespace)
    static let rule = XMLName("rule", in: namespace)
    static let conditions = XMLName("conditions", in: namespace)
    static let actions = XMLName("actions", in: namespace)
    static let transformations = XMLName("transformations", in: namespace)
    static let identity = XMLName("identity", in: namespace)
    static let one = XMLName("one", in: namespace)
    static let many = XMLName("many", in: namespace)
    static let except = XMLName("except", in: namespace)
    static let sphere = XMLName("sphere", in: namespace)
    static let validity = XMLName("validity", in: namespace)
    static let from = XMLName("from", in: namespace)
    static let until = XMLName("until", in: namespace)
    static let otherIdentity = XMLName("other-identity", in: extensionNamespace)
    static let anonymousRequest = XMLName("anonymous-request", in: extensionNamespace)
    static let externalList = XMLName("external-list", in: extensionNamespace)
    static let entry = XMLName("entry", in: extensionNamespace)

    static let id = XMLName("id")
    static let domain = XMLName("domain")
    static let value = XMLName("value")
    static let anchor = XMLName("anc")
}
