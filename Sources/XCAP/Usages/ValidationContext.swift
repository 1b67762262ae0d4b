/// What an application usage may look at beside the document itself when it checks its constraints.
package struct ValidationContext {
    /// Where the document is.
    package var selector: DocumentSelector
    /// The root of the server.
    package var root: XCAPRoot
    /// Whether a URI names something of somebody else: another service, or a user.
    package var isTaken: (_ uri: String) -> Bool

    package init(selector: DocumentSelector, root: XCAPRoot, isTaken: @escaping (_ uri: String) -> Bool) {
        self.selector = selector
        self.root = root
        self.isTaken = isTaken
    }
}
