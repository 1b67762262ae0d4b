import Testing
import XMLTree

/// A document, operations and what comes out, written as XML.
struct PatchCase: CustomTestStringConvertible, Sendable {
    /// The namespace that operations are in here.
    static let namespace = "urn:example:diff"

    var name: String
    var target: String
    /// What stands in the diff document, whose root binds `d` to the operations' namespace.
    var operations: String
    /// Nil when it is an error.
    var result: String?
    var condition: XMLPatchError.Condition?
    /// Further declarations on the root of the diff document.
    var declarations = ""

    init(_ name: String, _ target: String, _ operations: String, gives result: String, declarations: String = "") {
        self.name = name
        self.target = target
        self.operations = operations
        self.result = result
        self.declarations = declarations
    }

    init(
        _ name: String, _ target: String, _ operations: String, fails condition: XMLPatchError.Condition,
        declarations: String = ""
    ) {
        self.name = name
        self.target = target
        self.operations = operations
        self.condition = condition
        self.declarations = declarations
    }

    var testDescription: String { name }

    static func parse(_ text: String) throws -> XMLDocument { try XMLDocument(parsing: Array(text.utf8)) }

    static func patch(
        _ operations: String, declarations: String = "", limits: XMLPatchLimits = .standard
    ) throws -> XMLPatch {
        let diff = try parse("<d:diff xmlns:d='\(namespace)' \(declarations)>\(operations)</d:diff>")
        return try XMLPatch(reading: diff.root, namespace: namespace, limits: limits)
    }

    func patched() throws -> XMLDocument {
        try Self.patch(operations, declarations: declarations).applied(
            to: Self.parse(target), context: XMLPatchContext(idAttributes: [XMLName("id")]))
    }
}
