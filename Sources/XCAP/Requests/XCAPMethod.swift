/// What a request wants done (RFC 4825 §7).
package enum XCAPMethod: Hashable, Sendable, CustomStringConvertible {
    case get
    /// A GET whose answer is sent without its body (RFC 9110 §9.3.2). The HTTP server leaves it out, and tells its length.
    case head
    case put
    case delete
    /// POST and whatever else there is: never allowed (RFC 4825 §8.1).
    case other(String)

    /// - Parameter name: as in the request line; methods are told apart by case (RFC 9110 §9.1).
    package init(_ name: String) {
        self =
            switch name {
            case "GET": .get
            case "HEAD": .head
            case "PUT": .put
            case "DELETE": .delete
            default: .other(name)
            }
    }

    /// As in the request line.
    package var description: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .put: "PUT"
        case .delete: "DELETE"
        case .other(let name): name
        }
    }

    /// Whether it leaves everything as it is.
    var isSafe: Bool { self == .get || self == .head }
}
