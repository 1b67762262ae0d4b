/// Why a request is not answered with what it asked for.
enum XCAPFailure: Error, Hashable {
    /// 400: the URI can't be understood.
    case badRequest
    /// 401: nobody has proved who they are.
    case unauthenticated
    /// 403: the user may not do this.
    case forbidden
    /// 404
    case notFound
    /// 405, and what is allowed.
    case methodNotAllowed([XCAPMethod])
    /// 409
    case conflict(ConflictReport)
    /// 412
    case preconditionFailed
    /// 413: the body is larger than any document may be.
    case contentTooLarge
    /// 414
    case uriTooLong
    /// 415
    case unsupportedMediaType
    /// 304: the client has the document as it is already.
    case notModified(EntityTag?)
    /// 500: what was stored is no document.
    case unreadableDocument

    init(_ error: SelectorError) {
        self =
            switch error {
            case .malformed: .badRequest
            case .unknown: .notFound
            case .tooLong: .uriTooLong
            }
    }

    var response: XCAPResponse {
        switch self {
        case .badRequest: XCAPResponse(status: 400)
        case .unauthenticated: XCAPResponse(status: 401)
        case .forbidden: XCAPResponse(status: 403)
        case .notFound: XCAPResponse(status: 404)
        case .methodNotAllowed(let allowed): XCAPResponse(status: 405, allow: allowed)
        case .conflict(let report):
            XCAPResponse(
                status: 409, contentType: ConflictReport.contentType, body: report.document.serialized)
        case .preconditionFailed: XCAPResponse(status: 412)
        case .contentTooLarge: XCAPResponse(status: 413)
        case .uriTooLong: XCAPResponse(status: 414)
        case .unsupportedMediaType: XCAPResponse(status: 415)
        case .notModified(let tag): XCAPResponse(status: 304, entityTag: tag)
        case .unreadableDocument: XCAPResponse(status: 500)
        }
    }
}
