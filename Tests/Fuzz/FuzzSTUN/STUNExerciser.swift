import Primitives
import SIPStack

/// Asks the STUN server, and says which promise was broken.
struct STUNExerciser {
    /// The first broken promise; nil while all are kept.
    private(set) var complaint: String?

    init(_ bytes: [UInt8]) {
        for source in [Endpoint("192.0.2.1:5060"), Endpoint("[2001:db8::1]:5060")] {
            guard let source, let answer = STUNServer.answer(bytes, from: source) else { continue }
            if !STUNServer.takes(bytes) { complaint = "answers what is no STUN" }
            if answer.count > bytes.count + 24 { complaint = "more than 24 bytes more than was asked" }
            if !STUNServer.takes(answer) || answer.count % 4 != 0 { complaint = "no STUN" }
            if answer[8..<20] != bytes[8..<20] { complaint = "another transaction" }
            if STUNServer.answer(answer, from: source) != nil { complaint = "an answer is answered" }
        }
    }
}
