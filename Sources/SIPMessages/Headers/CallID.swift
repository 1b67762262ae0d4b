extension SIPMessage {
    /// What all requests and responses of a dialog, and all registrations of a user agent, have in common
    /// (RFC 3261 §20.8): callid = word [ "@" word ], compared byte by byte.
    package var callID: String {
        get throws(SIPParseError) {
            guard let text = value(.callID) else { throw .missing(.callID) }
            guard !text.bytes.isEmpty, text.bytes.allSatisfy({ $0 > ASCII.space && $0 != 0x7F }) else {
                throw .malformed(.callID)
            }
            return String(decoding: text.bytes, as: UTF8.self)
        }
    }
}
