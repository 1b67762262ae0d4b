import XMLTree

/// What RFC 4826 §3.4.5 demands of lists, in resource lists documents and within RLS services documents alike.
struct ResourceListConstraints {
    private var values: UniqueValues
    private var failure: ConflictReport?

    /// - Parameter defaultNamespace: that of the usage whose documents the lists are in.
    init(defaultNamespace: String) { values = UniqueValues(defaultNamespace: defaultNamespace) }

    private static func name(_ local: String) -> XMLName { XMLName(local, in: ResourceListsSchema.namespace) }

    /// Names of lists, and the URIs of entries of each kind, are unique within their parent. This goes down as deep as a
    /// document may be nested, which has a bound.
    ///
    /// - Parameter path: the node selector of the parent.
    mutating func check(_ parent: XMLElement, at path: String) {
        values.check(Self.name("list"), attribute: "name", in: parent, at: path)
        values.check(Self.name("entry"), attribute: "uri", in: parent, at: path)
        values.check(Self.name("entry-ref"), attribute: "ref", in: parent, at: path)
        values.check(Self.name("external"), attribute: "anchor", in: parent, at: path)
        // An entry-ref leads to an entry below the same root, and so is a relative path; an external list may be anywhere
        // on the web, and so is absolute.
        for element in parent.all(Self.name("entry-ref")) {
            if let reference = element[attribute: XMLName("ref")], !Self.isRelativePath(reference) {
                failure = ConflictReport(.constraintFailure, phrase: "the ref of an entry-ref is a relative path")
            }
        }
        for element in parent.all(Self.name("external")) {
            if let anchor = element[attribute: XMLName("anchor")], !XCAPRoot.isAbsolute(anchor) {
                failure = ConflictReport(
                    .constraintFailure, phrase: "the anchor of an external list is an absolute HTTP URI")
            }
        }
        for (list, step) in values.steps(to: Self.name("list"), in: parent) { check(list, at: "\(path)/\(step)") }
    }

    func report() throws(ConflictReport) {
        try values.report()
        if let failure { throw failure }
    }

    /// Neither a scheme nor a slash in front (RFC 3986 §4.2: a colon in the first segment would make it a scheme).
    private static func isRelativePath(_ reference: String) -> Bool {
        let first = reference.prefix { $0 != "/" }
        return !first.isEmpty && !first.contains(":")
    }
}
