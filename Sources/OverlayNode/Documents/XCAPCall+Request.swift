import SIPMessages
import SIPStack
import XCAP

extension XCAPCall {
    /// The request in types, of nobody yet; nil when a condition can't be read.
    var request: XCAPRequest? {
        let ifMatch = conditions("if-match")
        let ifNoneMatch = conditions("if-none-match")
        guard ifMatch.isReadable, ifNoneMatch.isReadable else { return nil }
        let method = XCAPMethod(method)
        return XCAPRequest(
            method, path: path, query: query, contentType: self[field: "content-type"], ifMatch: ifMatch.condition,
            ifNoneMatch: ifNoneMatch.condition, body: method == .put ? body : [])
    }

    /// RFC 9110 §5.3: several fields of a name mean the same as one with their values in a list.
    private func conditions(_ name: String) -> (condition: EntityTagCondition?, isReadable: Bool) {
        let values = fields.filter { $0.name == name }.map(\.value)
        guard !values.isEmpty else { return (nil, true) }
        let condition = EntityTagCondition(values.joined(separator: ", "))
        return (condition, condition != nil)
    }

    /// What digest authentication looks at.
    var digestRequest: DigestRequest {
        DigestRequest(
            method: method, uri: target,
            credentials: fields.filter { $0.name == "authorization" }.map { HeaderText($0.value) }, address: remote)
    }
}
