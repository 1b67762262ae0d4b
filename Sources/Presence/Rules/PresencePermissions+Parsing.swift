import XMLTree

extension PresencePermissions {
    /// Reads the `<transformations>` of a rule. What is not known here grants nothing (RFC 5025 §3).
    init(parsing transformations: XMLElement) {
        for element in transformations.elements {
            var granted = PresencePermissions()
            switch element.name {
            case PresenceRules.provideDevices:
                granted.devices = Self.occurrences(element, all: PresenceRules.allDevices)
            case PresenceRules.providePersons:
                granted.persons = Self.occurrences(element, all: PresenceRules.allPersons)
            case PresenceRules.provideServices:
                granted.services = Self.occurrences(element, all: PresenceRules.allServices)
            default: granted.attributes = Self.attributes(element)
            }
            formUnion(granted)
        }
    }

    private static func occurrences(_ element: XMLElement, all: XMLName) -> OccurrencePermission {
        if element.first(all) != nil { return .all }
        let selectors = element.elements.compactMap { member -> OccurrenceSelector? in
            let value = member.text.trimmed
            guard !value.isEmpty else { return nil }
            // RFC 5025 §3.3.1: a device ID picks devices only, a service URI and its scheme services only.
            return switch (member.name, element.name) {
            case (PresenceRules.class, _): .class(value)
            case (PresenceRules.occurrenceID, _): .occurrenceID(value)
            case (PresenceRules.deviceID, PresenceRules.provideDevices): .deviceID(value)
            case (PresenceRules.serviceURI, PresenceRules.provideServices): .serviceURI(value)
            case (PresenceRules.serviceURIScheme, PresenceRules.provideServices): .serviceURIScheme(value)
            default: nil
            }
        }
        return .selected(Set(selectors))
    }

    private static func attributes(_ element: XMLElement) -> Attributes {
        var known: Set<PresenceAttribute> = []
        var unknown: Set<XMLName> = []
        var userInput = UserInputPermission.none
        switch element.name {
        case PresenceRules.provideAllAttributes: return .all
        case PresenceRules.provideUserInput:
            userInput = UserInputPermission(spelled: element.text.trimmed) ?? .none
        case PresenceRules.provideUnknownAttribute:
            if isTrue(element), let name = unknownName(element) { unknown.insert(name) }
        default:
            if let attribute = permitted[element.name], isTrue(element) { known.insert(attribute) }
        }
        return .some(known, unknown: unknown, userInput: userInput)
    }

    private static let permitted = Dictionary(
        uniqueKeysWithValues: PresenceAttribute.allCases.map { ($0.permission, $0) })

    /// RFC 5025 §3.3.2.14: the name has no prefix, the namespace is a URI. What the RFC itself sets permissions for is
    /// not unknown, so that this permission has no bearing on it.
    private static func unknownName(_ element: XMLElement) -> XMLName? {
        guard let local = element[attribute: PresenceRules.unknownName], !local.isEmpty, !local.contains(":"),
            let namespace = element[attribute: PresenceRules.unknownNamespace], !namespace.isEmpty,
            ![PIDF.namespace, PIDF.dataModelNamespace, RPID.namespace].contains(namespace)
        else { return nil }
        return XMLName(local, in: namespace)
    }

    /// XML Schema Part 2 §3.2.2: a boolean is true when it says "true" or "1".
    private static func isTrue(_ element: XMLElement) -> Bool { ["true", "1"].contains(element.text.trimmed) }

    /// How many ways to pick devices, persons and services there are in it.
    var selectorCount: Int {
        [devices, persons, services].reduce(0) { count, permission in
            if case .selected(let selectors) = permission { count + selectors.count } else { count }
        }
    }
}
