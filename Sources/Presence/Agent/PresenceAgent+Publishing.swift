import Primitives
import SIPMessages
import XMLTree

/// The event state compositor: PUBLISH in the order of RFC 3903 §6.
extension PresenceAgent {
    mutating func publish(
        _ message: SIPMessage, from origin: Origin, at now: Instant, _ actions: inout [Action]
    ) {
        // RFC 3903 §6 step 1: 404 unless the Request-URI names somebody whose state is kept here.
        guard let presentity = message.requestURI?.addressOfRecord, isResponsible(for: presentity) else {
            return refuse(message, 404, from: origin, &actions)
        }
        // RFC 3903 §14.1: only those whom the presentity allows may publish for it, which is itself. A node of the
        // overlay vouches for users that it need not know; its own users publish there, and it passes that on as a record.
        guard origin.authenticated == presentity, origin.flow.transport != .overlay else {
            return refuse(message, 403, from: origin, &actions)
        }
        do {
            let unsupported = try message.require
            // RFC 3261 §8.2.2.3: what is required and not understood is listed in a 420.
            guard unsupported.isEmpty else {
                let listed = [(HeaderName.unsupported, unsupported.joined(separator: ", "))]
                return refuse(message, 420, headers: listed, from: origin, &actions)
            }
            try publish(message, for: presentity, from: origin, at: now, &actions)
        } catch {
            refuse(message, error.status, error.reason, from: origin, &actions)
        }
    }

    private func isResponsible(for presentity: AddressOfRecord) -> Bool {
        configuration.domains?.contains(presentity.host) ?? true
    }

    private mutating func publish(
        _ message: SIPMessage, for presentity: AddressOfRecord, from origin: Origin, at now: Instant,
        _ actions: inout [Action]
    ) throws(SIPParseError) {
        // RFC 3903 §6 step 2: without Event, or with a package not served here, 489; RFC 6665 §8.2.2 wants to hear
        // which ones are.
        guard let name = try message.event?.package, let package = EventPackage(rawValue: name),
            let composing = package.state, composing.isPublished
        else {
            let allowed = [(HeaderName.allowEvents, configuration.allowEvents)]
            return refuse(message, 489, headers: allowed, from: origin, &actions)
        }
        let resource = EventResource(presentity, package)
        // Step 3: at most one SIP-If-Match with a single entity tag, else 400; a tag that no publication of this
        // presentity bears is answered with 412.
        guard message.count(.sipIfMatch) <= 1 else { throw SIPParseError("More than one SIP-If-Match") }
        let tag = try message.sipIfMatch
        let position = tag.flatMap { tag in
            resources[resource]?.publications.firstIndex { $0.entityTag == tag }
        }
        guard tag == nil || position != nil else {
            giveUp(tag, of: resource)
            return refuse(message, 412, from: origin, &actions)
        }
        // Step 4.
        let requested = message.expires.map { Interval.seconds($0) } ?? configuration.defaultExpires
        guard requested == .zero || requested >= configuration.minimumExpires else {
            let minimum = [(HeaderName.minExpires, "\(configuration.minimumExpires.secondsRoundedUp)")]
            return refuse(message, 423, headers: minimum, from: origin, &actions)
        }
        let granted = min(requested, configuration.maximumExpires)
        // Step 5 for what is there already; §4.5: a removal carries no body, and one that does is still a removal.
        if granted == .zero {
            return remove(message, of: resource, at: position, from: origin, at: now, &actions)
        }
        if message.body.isEmpty {
            guard let position else {
                // Step 5: no body and no entity tag: there is nothing to publish.
                throw SIPParseError("A first publication needs a body")
            }
            return refresh(message, of: resource, position, for: granted, from: origin, at: now, &actions)
        }
        let present = position.flatMap { resources[resource]?.publications[$0].body }
        guard let content = try published(message, composing, present: present, from: origin, &actions) else { return }
        let place = position ?? resources[resource]?.publications.firstIndex(where: \.isGivenUp)
        store(message, content, of: resource, at: place, for: granted, from: origin, at: now, &actions)
    }

    /// What a publication comes to: the document, whole, and what it says.
    private typealias Content = (document: [UInt8], state: any Sendable)

    /// Step 5: the document in the body; nil when the request was turned away for it.
    ///
    /// - Parameter present: the document of the publication that is modified; nil for an initial one.
    private mutating func published(
        _ message: SIPMessage, _ package: any EventStatePackage.Type, present: [UInt8]?, from origin: Origin,
        _ actions: inout [Action]
    ) throws(SIPParseError) -> Content? {
        // RFC 3903 §6 step 5 and RFC 3261 §21.4.13: 415 says which types would do. RFC 5264 §4.1: that is
        // how a client learns whether it can publish changes.
        let partial = package.partialType?.essence
        let types = [package.documentType.essence, partial].compactMap { $0 }
        guard let type = try message.contentType?.essence, types.contains(type) else {
            refuse(message, 415, headers: [(.accept, types.joined(separator: ", "))], from: origin, &actions)
            return nil
        }
        guard message.body.count <= configuration.maximumDocumentSize else {
            refuse(message, 413, from: origin, &actions)
            return nil
        }
        var document = Array(message.body)
        if type == partial {
            guard let whole = patched(message, present: present, from: origin, &actions) else { return nil }
            document = whole
        }
        do {
            return (document, try package.anyState(of: document))
        } catch {
            refuse(message, 400, "Bad document: \(error)", from: origin, &actions)
            return nil
        }
    }

    /// The document that a publication with all state or changes comes to (RFC 5264 §4.3); nil when the request was
    /// turned away.
    private mutating func patched(
        _ message: SIPMessage, present: [UInt8]?, from origin: Origin, _ actions: inout [Action]
    ) -> [UInt8]? {
        let limits = XMLLimits(size: configuration.maximumDocumentSize, depth: XMLLimits.standard.depth)
        do {
            let document = try PartialPublication.document(from: Array(message.body), present: present, limits: limits)
            if document.count <= limits.size { return document }
            refuse(message, 413, from: origin, &actions)
        } catch {
            refuse(
                message, 400, error.reason, body: error.report ?? [],
                contentType: error.report == nil ? nil : XMLPatchError.contentType, from: origin, &actions)
        }
        return nil
    }

    /// Notes that a client lost the answer to its last PUBLISH, and with it the publication.
    ///
    /// RFC 3903 §6 step 3, §4.1: after a 412 it publishes as for the first time. What it published before would then be shown
    /// beside that until it expires; so the new publication takes its place.
    private mutating func giveUp(_ formerTag: String?, of resource: EventResource) {
        guard let formerTag, !formerTag.isEmpty,
            let position = resources[resource]?.publications.firstIndex(where: { $0.formerTag == formerTag })
        else { return }
        resources[resource]!.publications[position].isGivenUp = true
    }

    private mutating func store(
        _ message: SIPMessage, _ content: Content, of resource: EventResource, at position: Int?,
        for granted: Interval, from origin: Origin, at now: Instant, _ actions: inout [Action]
    ) {
        var publication: Publication
        if let position, let known = resources[resource]?.publications[position] {
            publication = known
        } else {
            let held = resources[resource]?.publications.count ?? 0
            guard held < configuration.maximumPublicationsPerPresentity,
                publicationOwners.count < configuration.maximumPublications
            else { return refuse(message, 503, headers: [(.retryAfter, "60")], from: origin, &actions) }
            publication = Publication(
                key: random.bytes(16), resource: resource, entityTag: "", expires: now, modified: 0, body: [],
                state: content.state)
        }
        publication.body = content.document
        publication.state = content.state
        publication.modified = nextVersion(at: now)
        publication.isGivenUp = false
        keep(&publication, until: now + granted, &actions)
        if let position {
            resources[resource]!.publications[position] = publication
        } else {
            open(resource, at: now)
            resources[resource]!.publications.append(publication)
            publicationOwners[publication.key] = resource
        }
        if resource.package == .presence { set(nil, of: resource.user, &actions) }
        accept(message, tag: publication.entityTag, for: granted, from: origin, &actions)
        publicationsChanged(of: resource, at: now, &actions)
    }

    private mutating func refresh(
        _ message: SIPMessage, of resource: EventResource, _ position: Int, for granted: Interval,
        from origin: Origin, at now: Instant, _ actions: inout [Action]
    ) {
        // RFC 3903 §4.3: a refresh extends the time and changes nothing else.
        var publication = resources[resource]!.publications[position]
        let formerEnd = resources[resource]!.expires
        keep(&publication, until: now + granted, &actions)
        resources[resource]!.publications[position] = publication
        accept(message, tag: publication.entityTag, for: granted, from: origin, &actions)
        if resources[resource]!.expires < formerEnd {
            publicationsRefreshed(of: resource, at: now, &actions)
        } else {
            publicationsProlonged(of: resource, at: now, &actions)
        }
    }

    private mutating func remove(
        _ message: SIPMessage, of resource: EventResource, at position: Int?, from origin: Origin,
        at now: Instant, _ actions: inout [Action]
    ) {
        // RFC 3903 §6 step 5: an expiry of 0 removes what the entity tag names and stores nothing. Without a tag there
        // is nothing to remove and nothing that may be stored.
        if let position {
            let removed = resources[resource]!.publications.remove(at: position)
            publicationOwners[removed.key] = nil
            deadlines.remove(.publication(removed.key))
            actions.append(.forget(.publication, key: removed.key))
        }
        // Step 6: even this 200 has a tag of its own.
        accept(message, tag: random.token(), for: .zero, from: origin, &actions)
        if position != nil { publicationWent(from: resource, at: now, &actions) }
    }

    /// Gives a publication a new entity tag and time, and has it kept.
    private mutating func keep(_ publication: inout Publication, until expires: Instant, _ actions: inout [Action]) {
        // RFC 3903 §6 step 6: a new entity tag for each success, unlike all others before it. 80 random bits are that,
        // and can't be guessed by somebody who wants to overwrite another's state.
        publication.formerTag = publication.entityTag
        publication.entityTag = random.token()
        publication.expires = expires
        deadlines.set(.publication(publication.key), to: expires)
        actions.append(.persist(.publication, key: publication.key, value: publication.encoded))
    }

    /// RFC 3903 §6 step 6: 200 with the time granted and the new entity tag.
    private mutating func accept(
        _ message: SIPMessage, tag: String, for granted: Interval, from origin: Origin, _ actions: inout [Action]
    ) {
        let headers: [(HeaderName, String)] = [(.expires, "\(granted.secondsRoundedUp)"), (.sipETag, tag)]
        actions.append(.respond(origin.transaction, message.response(200, toTag: random.token(), headers: headers)))
    }

    /// RFC 3903 §6: a publication that is not refreshed in time is gone.
    mutating func expirePublication(_ key: [UInt8], at now: Instant, _ actions: inout [Action]) {
        guard let resource = publicationOwners.removeValue(forKey: key) else { return }
        resources[resource]?.publications.removeAll { $0.key == key }
        actions.append(.forget(.publication, key: key))
        publicationWent(from: resource, at: now, &actions)
    }
}
