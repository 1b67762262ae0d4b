import Primitives
import SIPMessages

/// REGISTER (RFC 3261 §10.2), refreshes and what to do when it fails.
extension UserAgent {
    /// RFC 5626 §4.5: the base and the upper end of the wait before another attempt.
    private static let baseWait = Interval.seconds(30)
    private static let longestWait = Interval.seconds(1_800)
    /// A registrar that wants longer registrations than this is not obeyed.
    private static let longestMinimum = 86_400
    /// Routes that a registrar may name; more are not believed.
    private static let maximumServiceRoutes = 8

    mutating func setRegistration(wanted: Bool, at now: Instant, into actions: inout [Action]) {
        let wasWanted = registration.isWanted
        registration.isWanted = wanted
        guard wanted || wasWanted || registration.isHeld else {
            actions.append(.unregistered)
            return
        }
        registration.failures = 0
        sendRegister(at: now, into: &actions)
    }

    /// RFC 3261 §10.2: no REGISTER leaves before the one before it is answered; what has changed meanwhile is looked
    /// at then.
    mutating func sendRegister(at now: Instant, into actions: inout [Action]) {
        guard registration.underWay == nil else { return }
        guard let proxy = configuration.outboundProxy else {
            actions.append(.registrationFailed(status: 503, reason: "No server to register at", retry: nil))
            return
        }
        timers.remove(.registration)
        registration.underWay = registration.isWanted
        registration.sequence += 1
        // RFC 3261 §10.2: the Request-URI names the domain alone, To and From the address of record; Contact is what
        // is bound to it. §10.2.2: an expiry of 0 takes the binding back.
        var contact = ContactHeader(configuration.contact)
        if let instance = configuration.instance {
            contact.address.parameters.set("+sip.instance", QuotedString.quoted("<\(instance)>"))
        }
        let seconds = registration.isWanted ? registration.expires : 0
        contact.address.parameters.set("expires", "\(seconds)")
        var headers = outsideDialog(
            .register, to: configuration.address, callID: registration.callID, sequence: registration.sequence)
        headers.removeAll { $0.0 == .route }
        headers += [
            (.route, proxy.route), (.contact, contact.description), (.expires, "\(seconds)"),
            (.allow, UserAgent.allow), (.supported, "path"),
        ]
        let request = SIPMessage.request(
            .register, uri: SIPURI(host: configuration.account.host), headers: headers)
        send(request, for: .register, to: proxy.hop, at: now, into: &actions)
    }

    mutating func registerAnswered(_ response: SIPMessage, at now: Instant, into actions: inout [Action]) {
        guard let status = response.statusCode else { return }
        if status == 423, let minimum = response.minExpires, minimum > registration.expires,
            minimum <= Self.longestMinimum, registration.underWay == true
        {
            // RFC 3261 §10.2.8: too short a registration is tried again with at least what Min-Expires says.
            registration.expires = minimum
            registration.underWay = nil
            sendRegister(at: now, into: &actions)
            return
        }
        guard status < 300 else {
            let wait = (try? response.retryAfter)??.seconds
            registrationFailed(
                status: status, reason: response.reasonPhrase, retryAfter: wait.map { .seconds($0) }, at: now,
                into: &actions)
            return
        }
        let asked = registration.underWay
        registration.underWay = nil
        registration.failures = 0
        if asked == true { bound(response, at: now, into: &actions) } else { unbound(into: &actions) }
        if registration.isWanted != asked { sendRegister(at: now, into: &actions) }
    }

    private mutating func bound(_ response: SIPMessage, at now: Instant, into actions: inout [Action]) {
        // RFC 3261 §10.2.4: the registrar lists all bindings; ours is found by comparing URIs, and its expires
        // parameter says how long it holds.
        let own = (try? response.contacts)?.first { $0.uri.isEquivalent(to: configuration.contact) }
        let seconds = own?.expires ?? response.expires ?? registration.expires
        let wasHeld = registration.isHeld
        registration.isHeld = true
        let routes = response.values(.serviceRoute).map(\.string)
        registration.serviceRoutes = routes.count <= Self.maximumServiceRoutes ? routes : []
        guard seconds > 0 else {
            registration.isHeld = false
            registrationFailed(
                status: 200, reason: "The registrar holds no binding", retryAfter: nil, at: now, into: &actions)
            return
        }
        // RFC 3261 §10.2.4: refreshed before it expires, early enough for all retransmissions of one REGISTER
        // (§17.1.2.2: 32 s), or after half of its time when it is short.
        let until = now + .seconds(seconds)
        let early = min(Interval.seconds(seconds) * 0.5, .seconds(60))
        let refresh = random.jittered(Interval.seconds(seconds) - early, by: 0.9...1)
        timers.set(.registration, to: now + refresh)
        if !wasHeld { actions.append(.registered(until: until)) }
    }

    private mutating func unbound(into actions: inout [Action]) {
        registration.isHeld = false
        registration.serviceRoutes = []
        timers.remove(.registration)
        actions.append(.unregistered)
    }

    mutating func registrationFailed(
        status: Int, reason: String, retryAfter: Interval?, at now: Instant, into actions: inout [Action]
    ) {
        let asked = registration.underWay
        registration.underWay = nil
        registration.isHeld = false
        guard asked != false else {
            // Nothing that the user wants depends on it: the binding runs out by itself.
            registration.serviceRoutes = []
            actions.append(.unregistered)
            if registration.isWanted { sendRegister(at: now, into: &actions) }
            return
        }
        // RFC 5626 §4.5: after the n-th failure in a row the wait is the base times 2 to the power of n, up to a
        // limit, and a random part of it is taken. What the same request would meet again (a wrong password, an
        // unknown user) is left to the person.
        let isTemporary = status == 200 || status == 408 || status == 480 || status >= 500
        guard isTemporary, registration.isWanted else {
            actions.append(.registrationFailed(status: status, reason: reason, retry: nil))
            if !registration.isWanted { actions.append(.unregistered) }
            return
        }
        registration.failures += 1
        let exponent = min(registration.failures, 6)
        let longest = min(Self.longestWait, Self.baseWait * Double(1 << exponent))
        let wait = max(retryAfter ?? .zero, random.jittered(longest, by: 0.5...1))
        timers.set(.registration, to: now + wait)
        actions.append(.registrationFailed(status: status, reason: reason, retry: now + wait))
    }
}
