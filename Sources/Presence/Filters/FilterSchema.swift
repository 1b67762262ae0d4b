import XMLTree

/// What the documents of an event package must have whatever a filter says.
///
/// RFC 4661 §3.5.1: a filtered document is valid, so what is mandatory in an element that is delivered comes along.
package struct FilterSchema: Hashable, Sendable {
    var attributes: [XMLName: Set<XMLName>]
    var children: [XMLName: Set<XMLName>]
    /// Elements that are delivered whole or not at all.
    var whole: Set<XMLName>

    /// RFC 3863 §4.1 and RFC 4479 §5; of RPID, CIPID and the capabilities nothing is mandatory.
    package static let presence = FilterSchema(
        attributes: [
            PIDF.presence: [PIDF.entity], PIDF.tuple: [PIDF.id], PIDF.person: [PIDF.id], PIDF.device: [PIDF.id],
        ],
        children: [PIDF.tuple: [PIDF.status], PIDF.device: [PIDF.deviceID]],
        // RFC 4119 §2.2.1: a location is not told without the rules for its use.
        whole: [XMLName("geopriv", in: "urn:ietf:params:xml:ns:pidf:geopriv10")])

    func isMandatory(_ attribute: XMLName, of element: XMLName) -> Bool {
        attributes[element]?.contains(attribute) ?? false
    }
}
