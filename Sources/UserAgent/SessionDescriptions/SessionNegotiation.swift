import Primitives

/// This side's part of offer and answer (RFC 3264) for one call: one stream of plain audio.
struct SessionNegotiation: Hashable, Sendable {
    /// G.711 in both laws, which every phone has (RFC 3551 §6), with their names.
    private static let codecs = [("0", "PCMU/8000"), ("8", "PCMA/8000")]

    private let media: Endpoint
    private let session: UInt64
    private var version: UInt64
    /// What was sent last.
    private(set) var local: SessionDescription?
    /// What the other side sent last.
    private(set) var remote: SessionDescription?

    /// - Parameter session: names the session; as RFC 4566 §5.2 advises, the time it began.
    init(media: Endpoint, session: UInt64) {
        self.media = media
        self.session = session
        version = session
    }

    /// An offer of the one stream that there is; the same again when there was one before.
    mutating func offer() -> SessionDescription {
        var stream = MediaDescription(
            kind: "audio", port: media.port, profile: "RTP/AVP", formats: Self.codecs.map(\.0))
        for (format, mapping) in Self.codecs { stream.mappings[format] = mapping }
        return noted([stream])
    }

    /// Takes the other side's answer to the offer.
    mutating func take(answer: SessionDescription) throws(SessionDescriptionError) {
        // RFC 3264 §6: an answer has as many streams as the offer, in the same order.
        guard answer.media.count == local?.media.count else {
            throw SessionDescriptionError("the answer has other streams than the offer")
        }
        remote = answer
    }

    /// Answers an offer.
    ///
    /// - Returns: nil when nothing in it can be taken, which is a 488 (RFC 3261 §13.3.1.3).
    mutating func answer(_ offer: SessionDescription) -> SessionDescription? {
        var streams: [MediaDescription] = []
        var hasTaken = false
        for offered in offer.media {
            var stream = offered
            stream.address = nil
            let common = offered.formats.filter { format in Self.codecs.contains { $0.0 == format } }
            // RFC 3264 §6: a stream is refused with port 0; one that the offerer has ended stays ended.
            if hasTaken || offered.kind != "audio" || offered.profile != "RTP/AVP" || offered.port == 0
                || common.isEmpty
            {
                stream.port = 0
            } else {
                hasTaken = true
                stream.port = media.port
                stream.formats = common
                stream.mappings = [:]
                for (format, mapping) in Self.codecs where common.contains(format) {
                    stream.mappings[format] = mapping
                }
                stream.direction = (offered.direction ?? offer.direction).answer
            }
            streams.append(stream)
        }
        guard hasTaken else { return nil }
        remote = offer
        return noted(streams)
    }

    /// RFC 3264 §8: the origin's version grows by one when a description differs from the one before it, and not else.
    private mutating func noted(_ streams: [MediaDescription]) -> SessionDescription {
        if let local {
            if local.media == streams { return local }
            version += 1
        }
        let description = SessionDescription(
            session: session, version: version, address: media.address, media: streams)
        local = description
        return description
    }
}
