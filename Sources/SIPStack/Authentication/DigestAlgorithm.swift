import Primitives

/// The algorithms of digest authentication, strongest first.
package enum DigestAlgorithm: String, CaseIterable, Sendable {
    case sha512_256 = "SHA-512-256"
    case sha256 = "SHA-256"
    case md5 = "MD5"

    /// Algorithm names are tokens and compared without regard to case (RFC 7616 §3.3); none named means MD5.
    package init?(named name: String?) {
        guard let name else {
            self = .md5
            return
        }
        let upper = name.uppercased()
        guard let known = Self.allCases.first(where: { $0.rawValue == upper }) else { return nil }
        self = known
    }

    /// The digest of `bytes` in lower-case hexadecimal, as it stands in headers and in the formulas of RFC 7616.
    package func hexDigest(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha512_256: Self.hex(Digest.sha512_256(bytes))
        case .sha256: Self.hex(Digest.sha256(bytes))
        case .md5: Self.hex(Digest.md5(bytes))
        }
    }

    static func hex(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
        return out
    }
}
