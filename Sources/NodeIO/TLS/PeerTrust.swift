import CCrypto
import NIOSSL
import SIPStack

/// Decides whether a peer's certificate is to be believed, and whom it proves its holder to be. libcrypto validates
/// (RFC 5280), the rules of SIP name (RFC 5922). Not Sendable: it lives on one event loop.
package final class PeerTrust {
    /// Which side of a connection showed the certificate.
    enum Role { case server, client }

    /// No chain is longer, and each certificate costs the check of a signature.
    private static let maximumChain = 8
    private static let namesCapacity = 65_536

    private let trust: OpaquePointer

    /// - Parameter file: a PEM file with the authorities, or single certificates, to believe; nil for the system's.
    /// - Throws: ``ConfigurationErrors`` when nothing in it can be read.
    package init(file: String?) throws(ConfigurationErrors) {
        guard let trust = file.map({ starling_trust_open($0) }) ?? starling_trust_open(nil) else {
            throw ConfigurationErrors([
                ConfigurationError(
                    "sip-trust", "\(file ?? "the system's store") holds no certificate in PEM that can be read",
                    remedy: "name a file that begins with -----BEGIN CERTIFICATE-----")
            ])
        }
        self.trust = trust
    }

    deinit { starling_trust_close(trust) }

    /// - Parameter chain: as the peer sent it, its own certificate first.
    /// - Returns: the domains that it has proved to be; nil when the chain leads to nobody who is trusted.
    func identities(of chain: [NIOSSLCertificate], as role: Role) -> DomainIdentities? {
        guard !chain.isEmpty, chain.count <= Self.maximumChain else { return nil }
        var bytes: [UInt8] = []
        var lengths: [Int] = []
        for certificate in chain {
            guard let encoded = try? certificate.toDERBytes() else { return nil }
            bytes += encoded
            lengths.append(encoded.count)
        }
        guard starling_trust_verify(trust, bytes, lengths, lengths.count, role == .server ? 1 : 0) == 1 else {
            return nil
        }
        var names = [CChar](repeating: 0, count: Self.namesCapacity)
        guard starling_certificate_names(bytes, lengths[0], &names, names.count) == 1 else { return nil }
        let text = names.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return DomainIdentities(lines: String(decoding: text, as: UTF8.self))
    }
}
