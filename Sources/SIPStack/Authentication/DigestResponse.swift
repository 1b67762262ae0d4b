import Primitives

/// The formulas of digest authentication (RFC 7616 §3.4, RFC 8760 §2).
package enum DigestResponse {
    /// RFC 7616 §3.4.2: A1 is user name, realm and password joined by colons; its digest is all that a server keeps.
    package static func ha1(_ algorithm: DigestAlgorithm, user: String, realm: String, password: String) -> [UInt8] {
        algorithm.hexDigest(Array("\(user):\(realm):\(password)".utf8))
    }

    /// The `response` value, in hexadecimal.
    ///
    /// - Parameters:
    ///   - ha1: the digest of A1 in hexadecimal.
    ///   - quality: what a `qop=auth` request adds; nil for a client of RFC 2069 that sends no qop.
    package static func response(
        _ algorithm: DigestAlgorithm, ha1: [UInt8], method: String, uri: String, nonce: String, quality: Quality?
    ) -> [UInt8] {
        // RFC 7616 §3.4.3: A2 for qop "auth", and for none, is the method and the digest URI.
        let ha2 = algorithm.hexDigest(Array("\(method):\(uri)".utf8))
        var bytes = ha1
        bytes.reserveCapacity(ha1.count + ha2.count + 128)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: nonce.utf8)
        bytes.append(UInt8(ascii: ":"))
        // RFC 7616 §3.4.1: nonce count, client nonce and qop stand between nonce and H(A2) when a qop was chosen;
        // RFC 2617 §3.2.2.1 keeps the older form without them.
        if let quality {
            bytes.append(contentsOf: "\(quality.nonceCount):\(quality.clientNonce):auth:".utf8)
        }
        bytes.append(contentsOf: ha2)
        return algorithm.hexDigest(bytes)
    }

    /// The values that `qop=auth` brings into a response.
    package struct Quality: Hashable, Sendable {
        /// The nonce count as it was written: eight hexadecimal digits.
        package var nonceCount: String
        /// The client's own nonce.
        package var clientNonce: String

        package init(nonceCount: String, clientNonce: String) {
            self.nonceCount = nonceCount
            self.clientNonce = clientNonce
        }
    }
}
