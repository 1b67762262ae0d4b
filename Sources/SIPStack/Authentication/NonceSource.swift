import Primitives

/// Makes and recognises nonces without remembering them: each is the time and a serial under an HMAC.
///
/// RFC 7616 §3.3 suggests such a construction. Layout, then written in hexadecimal: key id (1 byte), seconds since
/// 1970 (5), serial (4), the first 12 bytes of HMAC-SHA-256 over these and the realm.
struct NonceSource: Sendable {
    /// What a valid nonce says.
    struct Opened: Hashable, Sendable {
        var issued: Instant
        /// Distinguishes nonces issued in the same second.
        var serial: UInt32
        var isExpired: Bool
    }

    private let key: [UInt8]
    /// Tells our nonces from those of another key: after a restart with a new one the old are stale, not wrong.
    private let keyID: UInt8
    private let lifetime: Interval
    private var nextSerial: UInt32

    /// - Parameters:
    ///   - key: 32 secret bytes.
    ///   - lifetime: how long a nonce is good.
    init(key: [UInt8], lifetime: Interval, random: inout RandomSource) {
        self.key = key
        keyID = Digest.sha256(key)[0]
        self.lifetime = lifetime
        nextSerial = UInt32(truncatingIfNeeded: random.next())
    }

    mutating func issue(realm: String, at now: Instant) -> String {
        nextSerial &+= 1
        let seconds = now.secondsSince1970
        var bytes: [UInt8] = [keyID]
        for shift in [32, 24, 16, 8, 0] as [UInt64] { bytes.append(UInt8(truncatingIfNeeded: seconds >> shift)) }
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: nextSerial >> shift)) }
        bytes.append(contentsOf: seal(bytes, realm))
        return Hex.encode(bytes)
    }

    /// - Returns: nil when the nonce is not one that this key has issued for the realm.
    func open(_ nonce: String, realm: String, at now: Instant) -> Opened? {
        guard nonce.utf8.count == 44, let bytes = Hex.decode(nonce), bytes.count == 22, bytes[0] == keyID else {
            return nil
        }
        guard Digest.areEqual(seal(Array(bytes[0..<10]), realm), Array(bytes[10...])) else { return nil }
        let seconds = bytes[1..<6].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let serial = bytes[6..<10].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let issued = Instant(secondsSince1970: seconds)
        return Opened(issued: issued, serial: serial, isExpired: now - issued > lifetime)
    }

    private func seal(_ bytes: [UInt8], _ realm: String) -> [UInt8] {
        Array(Digest.hmacSHA256(key: key, bytes + Array(realm.utf8)).prefix(12))
    }
}
