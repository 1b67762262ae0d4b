import XMLTree

extension RLSServicesUsage {
    /// The global index: every service of every user (RFC 4826 §4.4.8).
    ///
    /// - Parameter documents: the users' documents named `index`, in an order that is the same each time, as the index's
    ///   entity tag depends on it. Services of a URI that an earlier one has are left out.
    package static func index(of documents: [XMLDocument]) -> XMLDocument {
        let namespace = RLSServicesSchema.namespace
        var index = XMLElement(
            XMLName("rls-services", in: namespace), declarations: [XMLDeclaration(namespace: namespace)])
        var seen: Set<String> = []
        for document in documents {
            for service in document.root.all(XMLName("service", in: namespace)) {
                guard let uri = service[attribute: XMLName("uri")], seen.insert(uri).inserted else { continue }
                index.append(service.detached(from: [document.root]))
            }
        }
        return XMLDocument(root: index)
    }
}
