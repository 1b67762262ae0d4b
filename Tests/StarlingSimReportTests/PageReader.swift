import Foundation
import FoundationXML

/// What is in a page, read by a strict parser of XML.
final class PageReader: NSObject, XMLParserDelegate {
    let source: String
    private(set) var elements: Set<String> = []
    private(set) var attributes: Set<String> = []
    /// Everything in an attribute that names a place elsewhere.
    private(set) var addresses: Set<String> = []
    private(set) var headings: [String] = []
    private(set) var plotTitles: [String] = []
    private(set) var text = ""
    /// Why the page is not well-formed.
    private(set) var failure: String?
    private var element = ""

    init(_ source: String) {
        self.source = source
        super.init()
        let parser = XMLParser(data: Data(source.utf8))
        parser.delegate = self
        if !parser.parse() { failure = "line \(parser.lineNumber): \(String(describing: parser.parserError))" }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes found: [String: String]
    ) {
        element = name
        elements.insert(name)
        attributes.formUnion(found.keys)
        addresses.formUnion(found.values.filter { $0.contains("://") })
        if ["h1", "h2"].contains(name) { headings.append("") }
        if name == "h3" { plotTitles.append("") }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        element = ""
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        text += string
        if ["h1", "h2"].contains(element) { headings[headings.count - 1] += string }
        if element == "h3" { plotTitles[plotTitles.count - 1] += string }
    }
}
