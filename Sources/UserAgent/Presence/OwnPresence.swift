import Primitives

/// What a person says of themselves, to be published.
package struct OwnPresence: Hashable, Sendable {
    /// Whether the person can be reached here (RFC 3863 §4.1.4).
    package var isOpen: Bool
    /// Words for people; nil for none.
    package var note: String?
    package var activity: Activity?

    package init(isOpen: Bool, note: String? = nil, activity: Activity? = nil) {
        self.isOpen = isOpen
        self.note = note
        self.activity = activity
    }

    /// The presence document, in UTF-8: one tuple for this user agent, and a person where there is something to say of
    /// them.
    ///
    /// - Parameter device: tells this user agent's tuple from those of the person's others; letters and digits.
    package func document(of presentity: AddressOfRecord, device: String) -> [UInt8] {
        let entity = Self.escaped("sip:\(presentity)")
        // RFC 3863 §4.1.1: entity names the presentity; RFC 4479 §4 and RFC 4480 §4 give the two other namespaces.
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" \
            xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="\(entity)">
            <tuple id="t\(device)"><status><basic>\(isOpen ? "open" : "closed")</basic></status>\
            <contact>\(entity)</contact>
            """
        // RFC 3863 §4.1.5: a note says the same to people who read it, and comes behind the contact.
        if let note { text += "<note>\(Self.escaped(note))</note>" }
        text += "</tuple>\n"
        if activity != nil || note != nil {
            // RFC 4479 §3.2, RFC 4480 §3.2: what the person does is said of the person; notes come behind extensions.
            text += "<dm:person id=\"p\(device)\">"
            if let activity { text += "<rpid:activities><rpid:\(activity.rawValue)/></rpid:activities>" }
            if let note { text += "<dm:note>\(Self.escaped(note))</dm:note>" }
            text += "</dm:person>\n"
        }
        return Array((text + "</presence>\n").utf8)
    }

    /// Text as XML 1.0 §2.4 writes it, without the control characters that §2.2 forbids.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\t", "\n", "\r": out.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: break
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
