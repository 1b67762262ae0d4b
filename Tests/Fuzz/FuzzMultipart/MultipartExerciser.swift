import Primitives
import SIPMessages

/// Takes a body of several parts apart, and says which promise was broken. The first line is its boundary.
struct MultipartExerciser {
    /// The first broken promise; nil while all are kept.
    private(set) var complaint: String?

    init(_ bytes: [UInt8]) {
        guard let lineEnd = bytes.firstIndex(of: 10) else { return }
        let boundary = String(decoding: bytes[..<lineEnd], as: UTF8.self)
        guard let body = try? MultipartBody(parsing: bytes[(lineEnd + 1)...], boundary: boundary) else { return }
        if body.parts.count > MultipartBody.maximumParts { complaint = "too many parts" }
        for part in body.parts {
            if part.headers.count > MultipartBody.maximumHeaders { complaint = "too many header fields" }
            _ = (part.contentType, part.contentID)
        }
        // Written with another boundary it has the same parts.
        var random = RandomSource(seed: 1)
        let other = body.boundary(from: &random)
        let written = body.serialized(boundary: other)
        do {
            let again = try MultipartBody(parsing: written[...], boundary: other)
            if again.parts.map(\.content) != body.parts.map(\.content) { complaint = "other contents" }
        } catch {
            complaint = "not itself again: \(error)"
        }
    }
}
