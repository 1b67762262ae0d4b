import NIOCore
import NIOSSL
import Primitives
import SIPMessages
import SIPStack

/// TLS between servers: who must prove what (RFC 5922), and which connection serves both ways (RFC 5923).
extension SIPTransports {
    /// With what this node proves who it is to other servers, and whom it believes.
    package struct Peering {
        let identity: TLSIdentity
        let trust: PeerTrust

        package init(identity: TLSIdentity, trust: PeerTrust) {
            self.identity = identity
            self.trust = trust
        }
    }

    /// Adds what encrypts a connection that is being opened. RFC 5922 §7.3: a server that does not prove to be the
    /// domain that was asked for gets nothing; the handshake fails before a byte of SIP is sent.
    func encrypt(_ channel: any Channel, toward domain: String, _ peering: Peering) throws {
        let handler = try NIOSSLClientHandler(context: peering.identity.currentForClients(), serverHostname: domain) {
            [trust = peering.trust] chain, promise in
            let isProved = trust.identities(of: chain, as: .server)?.prove(domain) ?? false
            promise.succeed(isProved ? .certificateVerified : .failed)
        }
        try channel.pipeline.syncOperations.addHandlers([handler, HandshakeDeadline(limits.connectTime)])
    }

    /// Adds what encrypts a connection that came in. RFC 5922 §7.4: servers of other domains may show a certificate; a
    /// phone with one that leads to nobody known stays what it is, a phone.
    func encrypt(_ channel: any Channel, of connection: StreamConnection, _ identity: TLSIdentity) throws {
        let handler: NIOSSLServerHandler
        if let peering, connection.flow.transport == .tls {
            handler = NIOSSLServerHandler(context: peering.identity.currentForPeers()) {
                [weak self] chain, promise in
                // The first name stands for all: a request to another of them finds another connection.
                let domain = peering.trust.identities(of: chain, as: .client)?.domains.first
                if let domain { self?.authenticated(connection, as: domain) }
                promise.succeed(.certificateVerified)
            }
        } else {
            handler = NIOSSLServerHandler(context: identity.current())
        }
        try channel.pipeline.syncOperations.addHandler(handler)
    }
}
