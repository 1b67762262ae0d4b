import XMLTree

/// The contact of one end of a dialog (RFC 4235 §4.1.6.2).
package struct DialogTarget: Hashable, Sendable {
    /// A parameter of the contact, such as a feature tag.
    package struct Parameter: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    /// More than any contact has.
    static let maximumParameters = 32

    package var uri: String
    package var parameters: [Parameter] = []

    package init(uri: String) { self.uri = uri }

    /// - Returns: nil when it leads nowhere.
    init?(parsing element: XMLElement) {
        guard let uri = element[attribute: DialogNames.uri]?.trimmed, !uri.isEmpty else { return nil }
        self.uri = uri
        for param in element.all(DialogNames.param).prefix(Self.maximumParameters) {
            guard let name = param[attribute: DialogNames.parameterName], !name.isEmpty else { continue }
            // RFC 4235 §4.1.6.2: a parameter without a value says "true".
            let value = param[attribute: DialogNames.parameterValue] ?? "true"
            parameters.append(Parameter(name: name, value: value))
        }
    }

    var element: XMLElement {
        var element = XMLElement(DialogNames.target)
        element[attribute: DialogNames.uri] = uri
        for parameter in parameters {
            var param = XMLElement(DialogNames.param)
            param[attribute: DialogNames.parameterName] = parameter.name
            param[attribute: DialogNames.parameterValue] = parameter.value
            element.append(param)
        }
        return element
    }
}
