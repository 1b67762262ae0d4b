import Identity
import Primitives
import SIPMessages

/// A NOTIFY between nodes, whose body only nodes of the presentity's domain can read (docs/protocol.md §6).
///
/// Whoever may open a session may also subscribe; without this a node that stores a presence record which it can't
/// read would only have to ask its publisher.
package enum SealedNotification {
    /// Says that the body is sealed; the type of what is inside is always PIDF.
    package static let contentType = "application/vnd.starling.sealed"

    /// The request with its body sealed by the publishing node, or without a body when there is no key to seal it with.
    package static func seal(_ request: SIPMessage, with key: SymmetricKey?, random: inout RandomSource) -> SIPMessage {
        guard !request.body.isEmpty else { return request }
        let body = key?.seal(Array(request.body), random: &random) ?? []
        return request.editing { edit in
            edit.setBody(body)
            if body.isEmpty { edit.removeAll(.contentType) } else { edit.set(.contentType, contentType) }
        }
    }
}
