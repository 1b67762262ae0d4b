import XMLTree

/// A resource of a list (RFC 4662 §5.3).
package struct RLMIResource: Hashable, Sendable {
    /// As the list spells it.
    package var uri: String
    package var names: [DisplayName]
    /// None while nothing is known of it.
    package var instances: [RLMIInstance]

    package init(uri: String, names: [DisplayName] = [], instances: [RLMIInstance] = []) {
        self.uri = uri
        self.names = names
        self.instances = instances
    }

    var element: XMLElement {
        var element = XMLElement(RLMI.resource)
        element[attribute: RLMI.uri] = uri
        for name in names { element.append(name.element(RLMI.name)) }
        for instance in instances { element.append(instance.element) }
        return element
    }

    /// - Returns: nil for one without a URI, or with an instance that can't be read.
    init?(_ element: XMLElement) {
        guard let uri = element[attribute: RLMI.uri] else { return nil }
        self.init(uri: uri, names: RLMI.names(in: element))
        for child in element.all(RLMI.instance) {
            guard let instance = RLMIInstance(child) else { return nil }
            instances.append(instance)
        }
    }
}
