import Primitives
import SIPMessages
import SIPStack

/// What a user agent is told at its start.
package struct UserAgentConfiguration: Sendable {
    /// Whose user agent this is.
    package var account: AddressOfRecord
    package var displayName: String?
    /// The name for digest authentication; the user part of the account unless the operator gave another.
    package var userName: String
    package var password: String
    /// Nil sends each request straight to the address in its URI, and registers nowhere.
    package var outboundProxy: OutboundProxy?
    /// The sockets that the shell has bound; at least one.
    package var listeners: [SIPListener]
    /// The URN of this device (RFC 5626 §4.1), for example `urn:uuid:…`; nil registers without one.
    package var instance: String?
    /// Where media would be received: it stands in session descriptions, and nothing listens there.
    package var media: Endpoint
    /// How long a registration is asked for, in seconds.
    package var registrationExpires = 600
    /// How long a publication is asked for, in seconds.
    package var publicationExpires = 600
    /// How long a subscription is asked for, in seconds.
    package var subscriptionExpires = 600
    package var timers = TransactionTimers()
    /// Past it an incoming call gets a 486: a person holds one or two.
    package var maximumCalls = 16

    package init(
        account: AddressOfRecord, password: String, outboundProxy: OutboundProxy?, listeners: [SIPListener],
        media: Endpoint
    ) {
        precondition(!listeners.isEmpty, "a user agent needs a socket to be reached at")
        self.account = account
        userName = account.user
        self.password = password
        self.outboundProxy = outboundProxy
        self.listeners = listeners
        self.media = media
    }

    /// The socket that others are told to reach this user agent at.
    private var listener: SIPListener {
        listeners.first { $0.transport == outboundProxy?.transport } ?? listeners[0]
    }

    /// RFC 3261 §8.1.1.8: where requests to this user agent go, the same in every request and response.
    var contact: SIPURI {
        var uri = SIPURI(account)
        let own = SIPURI(listener.endpoint)
        uri.host = listener.advertisedHost ?? own.host
        uri.port = own.port
        if listener.transport != .udp { uri.parameters.set("transport", listener.transport.rawValue) }
        return uri
    }

    /// The address of record as From and To write it, without a tag.
    var address: NameAddress { NameAddress(displayName: displayName, uri: SIPURI(account)) }
}
