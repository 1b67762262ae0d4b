import Primitives

/// A session description (RFC 4566), as far as offer and answer of plain audio need it (RFC 3264).
package struct SessionDescription: Hashable, Sendable {
    package static let contentType = "application/sdp"
    /// Longer ones are nobody's: a description with every codec there is has four kilobytes.
    private static let maximumSize = 32_768
    /// Streams of one session: a phone offers two or three.
    private static let maximumMedia = 16
    /// Formats of one stream.
    private static let maximumFormats = 64

    /// The number that names the session as long as it lives (RFC 4566 §5.2).
    package var session: UInt64
    /// Grows by one with each description of the session that differs from the one before (RFC 3264 §8).
    package var version: UInt64
    /// Where media are received, unless a stream says otherwise; nil when each stream says so.
    package var address: IPAddress?
    package var direction = SessionDirection.sendReceive
    package var media: [MediaDescription]

    package init(session: UInt64, version: UInt64, address: IPAddress, media: [MediaDescription]) {
        self.session = session
        self.version = version
        self.address = address
        self.media = media
    }

    /// Reads a description from outside; lines that are not needed are skipped (RFC 4566 §5).
    package init(parsing bytes: some Collection<UInt8>) throws(SessionDescriptionError) {
        guard bytes.count <= Self.maximumSize else { throw SessionDescriptionError("too large") }
        session = 0
        version = 0
        media = []
        var isFirst = true
        for raw in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            // RFC 4566 §5: <type>=<value>, the type one letter; v= comes first.
            guard raw.utf8.count >= 2, raw.utf8.dropFirst().first == UInt8(ascii: "=") else {
                throw SessionDescriptionError("a line that is none")
            }
            let type = raw.first!
            if isFirst, raw != "v=0" { throw SessionDescriptionError("not version 0") }
            isFirst = false
            try read(type, raw.dropFirst(2))
        }
        if isFirst { throw SessionDescriptionError("empty") }
    }

    private mutating func read(_ type: Character, _ value: Substring) throws(SessionDescriptionError) {
        switch type {
        case "o":
            let parts = value.split(separator: " ")
            guard parts.count == 6, let session = UInt64(parts[1]), let version = UInt64(parts[2]) else {
                throw SessionDescriptionError("malformed o=")
            }
            self.session = session
            self.version = version
        case "c":
            // RFC 4566 §5.7: c=IN IP4 192.0.2.1; a host name is left unread, since nobody here resolves it.
            let parts = value.split(separator: " ")
            guard parts.count == 3, parts[0] == "IN" else { throw SessionDescriptionError("malformed c=") }
            let address = IPAddress(parts[2])
            if media.isEmpty { self.address = address } else { media[media.count - 1].address = address }
        case "m": media.append(try Self.stream(value, following: media.count))
        case "a": readAttribute(value)
        default: break
        }
    }

    /// m=<media> <port>[/<count>] <proto> <fmt> … (RFC 4566 §5.14)
    private static func stream(
        _ value: Substring, following count: Int
    ) throws(SessionDescriptionError) -> MediaDescription {
        let parts = value.split(separator: " ")
        guard count < maximumMedia, parts.count >= 4, parts.count <= maximumFormats + 3,
            let port = parts[1].split(separator: "/").first.flatMap({ UInt16($0) })
        else { throw SessionDescriptionError("malformed m=") }
        return MediaDescription(
            kind: String(parts[0]), port: port, profile: String(parts[2]), formats: parts[3...].map(String.init))
    }

    private mutating func readAttribute(_ value: Substring) {
        if let direction = SessionDirection(rawValue: String(value)) {
            if media.isEmpty { self.direction = direction } else { media[media.count - 1].direction = direction }
        } else if value.hasPrefix("rtpmap:"), !media.isEmpty {
            let parts = value.dropFirst("rtpmap:".count).split(separator: " ", maxSplits: 1)
            let last = media.count - 1
            // Only mappings of formats that are listed, so that there are not more of them.
            if parts.count == 2, media[last].formats.contains(String(parts[0])) {
                media[last].mappings[String(parts[0])] = String(parts[1])
            }
        }
    }

    /// Where the other side of the first stream that lives receives its media.
    package var destination: Endpoint? {
        guard let stream = media.first(where: { $0.port != 0 }), let address = stream.address ?? address else {
            return nil
        }
        return Endpoint(address: address, port: stream.port)
    }

    /// The description as it is sent.
    package var bytes: [UInt8] {
        let address = address ?? .any
        let family = address.isV4 ? "IP4" : "IP6"
        var lines = [
            "v=0", "o=- \(session) \(version) IN \(family) \(address)", "s=-", "c=IN \(family) \(address)", "t=0 0",
        ]
        for stream in media {
            lines.append("m=\(stream.kind) \(stream.port) \(stream.profile) \(stream.formats.joined(separator: " "))")
            guard stream.port != 0 else { continue }
            for format in stream.formats {
                if let mapping = stream.mappings[format] { lines.append("a=rtpmap:\(format) \(mapping)") }
            }
            lines.append("a=\((stream.direction ?? direction).rawValue)")
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }
}
