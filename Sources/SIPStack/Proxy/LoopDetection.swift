import Primitives
import SIPMessages

/// Tells a request that has looped from one that spirals (RFC 5393 §4.2).
enum LoopDetection {
    /// The second part of a branch: a hash over all that decides where this proxy sends the request.
    ///
    /// RFC 5393 §4.2.1: it must depend on the received Request-URI and Route values and on what else the location
    /// service looks at, must not depend on the method, and should depend on something that differs between
    /// transactions.
    ///
    /// - Parameter request: as received, before any Route value was taken off.
    static func mark(of request: SIPMessage) -> String {
        var bytes = Array(request.requestURIText.utf8)
        for name in [HeaderName.route, .from, .to, .callID, .proxyRequire] {
            bytes.append(0)
            for value in request.values(name) { bytes.append(contentsOf: value.bytes) }
        }
        bytes.append(contentsOf: String((try? request.cseq.number) ?? 0).utf8)
        return Hex.encode(Digest.md5(bytes).prefix(4))
    }

    /// RFC 5393 §4.2.2: the request has looped when a Via that this node wrote carries the mark that it has now.
    static func isLooped(_ request: SIPMessage, mark: String, sentBys: Set<String>) -> Bool {
        let vias = request.values(.via)
        guard vias.count > 1 else { return false }
        for text in vias {
            guard let via = try? Via(text), sentBys.contains(via.sentBy), let branch = via.branch,
                let dash = branch.lastIndex(of: "-")
            else { continue }
            if branch[branch.index(after: dash)...] == mark { return true }
        }
        return false
    }
}
