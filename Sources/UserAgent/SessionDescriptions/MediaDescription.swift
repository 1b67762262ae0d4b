import Primitives

/// One stream of a session description: an `m=` line with what belongs to it (RFC 4566 §5.14).
package struct MediaDescription: Hashable, Sendable {
    /// `audio`, `video`, …
    package var kind: String
    /// 0 for a stream that is refused or over (RFC 3264 §5.1, §6).
    package var port: UInt16
    /// `RTP/AVP`
    package var profile: String
    package var formats: [String]
    /// Where it is received, when it does not say the same as the whole session.
    package var address: IPAddress?
    /// Nil when the session's holds.
    package var direction: SessionDirection?
    /// The values of `a=rtpmap:`, by format.
    package var mappings: [String: String] = [:]

    package init(kind: String, port: UInt16, profile: String, formats: [String]) {
        self.kind = kind
        self.port = port
        self.profile = profile
        self.formats = formats
    }
}
