/// One value of a Contact header field: where its owner can be reached (RFC 3261 §20.10).
package struct ContactHeader: Hashable, Sendable, CustomStringConvertible {
    package var address: NameAddress

    package init(_ address: NameAddress) { self.address = address }

    package init(_ uri: SIPURI, parameters: Parameters = Parameters()) {
        address = NameAddress(uri: uri, parameters: parameters)
    }

    package init(_ text: HeaderText) throws(SIPParseError) { address = try NameAddress(text, of: .contact) }

    package var uri: SIPURI { address.uri }

    /// Preference in thousandths, 0 to 1000; nil when it is not stated or is no qvalue.
    package var q: Int? { address.parameters["q"].flatMap(Self.qvalue) }

    /// How long the binding is wanted, in seconds; nil when it is not stated. What is no number of 32 bits counts as
    /// not stated (RFC 3261 §20.10 and §10.2.1.1, RFC 4475 §3.1.2.4).
    package var expires: Int? { address.parameters["expires"].flatMap { Expires.seconds($0.utf8) } }

    /// The URN of the user agent without its angle brackets, from `+sip.instance="<urn:…>"` (RFC 5626 §4.1).
    package var instance: String? {
        guard let text = address.parameters["+sip.instance"], text.first == "<", text.last == ">" else { return nil }
        return String(text.dropFirst().dropLast())
    }

    /// Which of a user agent's flows this is, 1 or more (RFC 5626 §4.2).
    package var regID: Int? {
        address.parameters["reg-id"].flatMap { Expires.seconds($0.utf8) }.flatMap { $0 > 0 ? $0 : nil }
    }

    package var description: String { address.description }

    /// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) (RFC 3261 §25.1), in thousandths.
    package static func qvalue(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard (1...5).contains(bytes.count), bytes[0] & 0xFE == 0x30 else { return nil }
        guard bytes.count == 1 || bytes[1] == UInt8(ascii: "."), bytes.dropFirst(2).allSatisfy(ASCII.isDigit) else {
            return nil
        }
        var value = Int(bytes[0] & 15) * 1000
        var weight = 100
        for digit in bytes.dropFirst(2) {
            value += Int(digit & 15) * weight
            weight /= 10
        }
        return value <= 1000 ? value : nil
    }
}

extension SIPMessage {
    /// The contacts a message names; empty when it is the wildcard.
    package var contacts: [ContactHeader] {
        get throws(SIPParseError) {
            guard !isContactWildcard else { return [] }
            var found: [ContactHeader] = []
            for text in try allValues(.contact) { found.append(try ContactHeader(text)) }
            return found
        }
    }

    /// Whether the only contact is `*`, which stands for all bindings of a registration (RFC 3261 §10.2.2). Beside
    /// another contact it is malformed, and `contacts` throws.
    package var isContactWildcard: Bool {
        count(.contact) == 1 && value(.contact)?.bytes.elementsEqual("*".utf8) == true
    }
}
