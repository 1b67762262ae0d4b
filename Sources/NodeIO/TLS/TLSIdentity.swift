import Glibc
import NIOCore
import NIOSSL

/// With what a server proves who it is, kept up to date: a renewed certificate serves the connections that come after
/// it, without a restart. Lives on one event loop.
package final class TLSIdentity {
    /// How often the files are looked at, at most.
    private static let lookInterval = TimeAmount.seconds(10)

    private let files: CertificateFiles
    private let make: () throws(ConfigurationErrors) -> TLSConfiguration
    private let report: (String) -> Void
    private var contexts: Contexts
    private var version: [timespec?]
    private var lastLook = NIODeadline.now()

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - use: what the certificate is for.
    ///   - report: told when it was read anew, or why it could not be; then the one before stays in use.
    /// - Throws: ``ConfigurationErrors`` that name the file.
    package init(
        _ files: CertificateFiles, for use: CertificateFiles.Use, report: @escaping (String) -> Void
    ) throws(ConfigurationErrors) {
        self.files = files
        self.report = report
        make = { () throws(ConfigurationErrors) in try files.configuration(for: use) }
        version = Self.version(of: files)
        contexts = try Self.contexts(make())
    }

    /// What to shake hands with on a new connection that came in.
    func current() -> NIOSSLContext { upToDate().server }

    /// The same where the other side is asked for a certificate of its own.
    func currentForPeers() -> NIOSSLContext { upToDate().peers }

    /// What to shake hands with on a connection that was opened: the certificate is shown where it is asked for.
    func currentForClients() -> NIOSSLContext { upToDate().clients }

    private func upToDate() -> Contexts {
        let now = NIODeadline.now()
        guard now - lastLook >= Self.lookInterval else { return contexts }
        lastLook = now
        let found = Self.version(of: files)
        guard !zip(found, version).allSatisfy({ $0?.tv_sec == $1?.tv_sec && $0?.tv_nsec == $1?.tv_nsec }) else {
            return contexts
        }
        // The two files are seldom replaced in one moment: while they don't fit each other the old ones stay.
        do throws(ConfigurationErrors) {
            contexts = try Self.contexts(make())
            version = found
            report("the certificate in \(files.chain) was read anew")
        } catch {
            report("the certificate that was read before stays in use: \(error)")
        }
        return contexts
    }

    /// One certificate in its three parts.
    private struct Contexts {
        let server: NIOSSLContext
        let peers: NIOSSLContext
        let clients: NIOSSLContext

        init(_ configuration: TLSConfiguration) throws {
            server = try NIOSSLContext(configuration: configuration)
            // Whom to believe ``PeerTrust`` decides: the library is told to ask, and given nobody to trust itself.
            var peers = configuration
            peers.certificateVerification = .optionalVerification
            peers.trustRoots = .certificates([])
            self.peers = try NIOSSLContext(configuration: peers)
            var clients = TLSConfiguration.makeClientConfiguration()
            clients.certificateChain = configuration.certificateChain
            clients.privateKey = configuration.privateKey
            clients.minimumTLSVersion = .tlsv12
            clients.certificateVerification = .noHostnameVerification
            clients.trustRoots = .certificates([])
            self.clients = try NIOSSLContext(configuration: clients)
        }
    }

    private static func contexts(_ configuration: TLSConfiguration) throws(ConfigurationErrors) -> Contexts {
        do {
            return try Contexts(configuration)
        } catch {
            throw ConfigurationErrors([
                ConfigurationError("certificate", "TLS refuses it: \(error)", remedy: "name another certificate")
            ])
        }
    }

    private static func version(of files: CertificateFiles) -> [timespec?] {
        [files.chain, files.key].map { path in
            var status = stat()
            return stat(path, &status) == 0 ? status.st_mtim : nil
        }
    }
}
