import CDeflate
import SIPMessages

/// The codings that a body may come in (RFC 3261 §20.12): none, and `deflate`, in which Linphone sends its lists.
enum BodyCoding {
    /// What an Accept-Encoding says of it.
    static let accepted = "deflate, identity"

    /// How large a body may be once the coding is undone, in bytes: as large as a user's document. A few hundred bytes
    /// can stand for a thousand times as many.
    static let maximumSize = 262_144

    /// A request as it would have come without a coding.
    ///
    /// - Throws: with the status of the answer: 415 for other codings, 413 when there is more in it than is taken, 400
    ///   when it is not what it says.
    static func undone(_ request: SIPMessage) throws(SIPParseError) -> SIPMessage {
        let codings = try request.contentEncoding.map { $0.lowercased() }.filter { $0 != "identity" }
        // Linphone names the coding of its list also where it ends the subscription, without a list.
        guard !codings.isEmpty, !request.body.isEmpty else { return request }
        // RFC 3261 §8.2.3: 415 for a coding that is not understood. A second one would only serve to grow twice.
        guard codings == ["deflate"] else { throw SIPParseError(status: 415, "Unsupported Media Type") }
        let body = try inflated(Array(request.body))
        return request.editing { edit in
            edit.removeAll(.contentEncoding)
            edit.setBody(body)
        }
    }

    private static func inflated(_ bytes: [UInt8]) throws(SIPParseError) -> [UInt8] {
        var status: Int64 = 0
        let body = [UInt8](unsafeUninitializedCapacity: maximumSize) { out, count in
            status = starling_inflate(bytes, bytes.count, out.baseAddress, maximumSize)
            count = max(0, Int(status))
        }
        guard status != -2 else { throw SIPParseError(status: 413, "Request Entity Too Large") }
        guard status >= 0 else { throw SIPParseError(status: 400, "The body is not what its Content-Encoding says") }
        return body
    }
}
