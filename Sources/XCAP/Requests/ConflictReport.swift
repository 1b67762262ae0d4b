import XMLTree

/// Why a request can't be done to the document as it is: the body of a 409 (RFC 4825 §11).
package struct ConflictReport: Error, Hashable, Sendable {
    /// A value that has to be unique and is not.
    package struct Duplicate: Hashable, Sendable {
        /// A node selector for the element or attribute, percent-encoded, relative to the document.
        package var field: String
        /// Values that nobody uses at the moment.
        package var alternatives: [String]

        package init(field: String, alternatives: [String] = []) {
            self.field = field
            self.alternatives = alternatives
        }
    }

    /// The error elements of RFC 4825 §11.1.
    package enum Condition: Hashable, Sendable {
        case notWellFormed
        case notXMLFragment
        /// With a URI for the closest parent that there is, if one is known.
        case noParent(ancestor: String?)
        case schemaValidationError
        case notXMLAttributeValue
        case cannotInsert
        case cannotDelete
        case uniquenessFailure([Duplicate])
        case constraintFailure
        case notUTF8
    }

    /// The namespace of all its elements.
    package static let namespace = "urn:ietf:params:xml:ns:xcap-error"
    /// The type of the body (RFC 4825 §15.2.4).
    package static let contentType = "application/xcap-error+xml"

    /// What went wrong.
    package var condition: Condition
    /// For a person to read.
    package var phrase: String?

    package init(_ condition: Condition, phrase: String? = nil) {
        self.condition = condition
        self.phrase = phrase
    }

    /// More elements in a document or attributes on an element than are looked at.
    static let tooManyNodes = ConflictReport(
        .constraintFailure, phrase: "there are too many elements or attributes")

    /// The report as a document.
    package var document: XMLDocument {
        var error = Self.element(name)
        error[attribute: XMLName("phrase")] = phrase
        switch condition {
        case .noParent(let ancestor?):
            var element = Self.element("ancestor")
            element.append(text: ancestor)
            error.append(element)
        case .uniquenessFailure(let duplicates):
            for duplicate in duplicates { error.append(Self.element(for: duplicate)) }
        default: break
        }
        var root = Self.element("xcap-error")
        root.append(error)
        return XMLDocument(root: root)
    }

    private var name: String {
        switch condition {
        case .notWellFormed: "not-well-formed"
        case .notXMLFragment: "not-xml-frag"
        case .noParent: "no-parent"
        case .schemaValidationError: "schema-validation-error"
        case .notXMLAttributeValue: "not-xml-att-value"
        case .cannotInsert: "cannot-insert"
        case .cannotDelete: "cannot-delete"
        case .uniquenessFailure: "uniqueness-failure"
        case .constraintFailure: "constraint-failure"
        case .notUTF8: "not-utf-8"
        }
    }

    private static func element(for duplicate: Duplicate) -> XMLElement {
        var exists = element("exists")
        exists[attribute: XMLName("field")] = duplicate.field
        for alternative in duplicate.alternatives {
            var value = element("alt-value")
            value.append(text: alternative)
            exists.append(value)
        }
        return exists
    }

    private static func element(_ name: String) -> XMLElement { XMLElement(XMLName(name, in: namespace)) }
}
