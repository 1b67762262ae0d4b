extension SIPMessage {
    /// Extensions without which the request must not be answered (RFC 3261 §20.32).
    package var require: [String] { get throws(SIPParseError) { try tokens(.require) } }

    /// Extensions without which a proxy must not forward the request (RFC 3261 §20.29).
    package var proxyRequire: [String] { get throws(SIPParseError) { try tokens(.proxyRequire) } }

    /// Extensions that the sender understands (RFC 3261 §20.37).
    package var supported: [String] { get throws(SIPParseError) { try tokens(.supported) } }

    /// Extensions that a 420 says are not understood (RFC 3261 §20.40).
    package var unsupported: [String] { get throws(SIPParseError) { try tokens(.unsupported) } }

    /// Event packages that the sender supports (RFC 6665 §8.2.2).
    package var allowEvents: [String] { get throws(SIPParseError) { try tokens(.allowEvents) } }

    /// Codings that were applied to the body, the outermost last (RFC 3261 §20.12).
    package var contentEncoding: [String] { get throws(SIPParseError) { try tokens(.contentEncoding) } }

    /// Methods that the sender supports (RFC 3261 §20.5).
    package var allow: [SIPMethod] { get throws(SIPParseError) { try tokens(.allow).map { SIPMethod($0) } } }

    /// Whether the sender understands an extension; a malformed list says no.
    package func supports(_ tag: String) -> Bool {
        ((try? supported) ?? []).contains { ASCII.equalIgnoringCase($0, tag) }
    }

    /// A list of tokens.
    func tokens(_ name: HeaderName) throws(SIPParseError) -> [String] {
        var found: [String] = []
        for text in try allValues(name) {
            guard text.bytes.allSatisfy(ASCII.isToken) else { throw .malformed(name) }
            found.append(String(decoding: text.bytes, as: UTF8.self))
        }
        return found
    }
}
