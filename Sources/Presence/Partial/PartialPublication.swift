import XMLTree

/// What a compositor makes of a PUBLISH with `application/pidf-diff+xml` (RFC 5264 §4.3).
package enum PartialPublication {
    /// Why such a PUBLISH is refused with 400.
    package struct Refusal: Error, Hashable, Sendable {
        /// The reason phrase; nil for the usual one.
        package var reason: String?
        /// A document that tells which operation failed, of the type ``XMLPatchError/contentType``; nil for none.
        package var report: [UInt8]?
    }

    /// The presence document that the publication comes to; whether it is one is yet to be seen.
    ///
    /// RFC 5264 §4.3.1 answers 500 to errors with full state. That goes for those of the compositor; a body that is not
    /// well-formed is as bad a request here as it is with `application/pidf+xml`.
    ///
    /// - Parameters:
    ///   - body: of the PUBLISH.
    ///   - present: the document of the publication that SIP-If-Match names; nil for an initial publication.
    ///   - limits: of what is published.
    package static func document(
        from body: [UInt8], present: [UInt8]?, limits: XMLLimits = .standard
    ) throws(Refusal) -> [UInt8] {
        let received = try reporting { () throws(XMLPatchError) in
            try PartialPresenceDocument(parsing: body, limits: limits)
        }
        if case .changes = received.content, present == nil {
            // RFC 5264 §4.3.2: an initial publication has full state.
            throw Refusal(reason: "Invalid Partial Publication")
        }
        return try reporting { () throws(XMLPatchError) in
            // What is held was accepted with these limits; should they have become narrower, it can't be changed.
            let held = present.flatMap { try? XMLDocument(parsing: $0, limits: limits) }
            return try received.applied(to: held).serialized
        }
    }

    /// RFC 5264 §4.3.2: 400, and the report of RFC 5261 §5.1 tells why.
    private static func reporting<Result>(
        _ work: () throws(XMLPatchError) -> Result
    ) throws(Refusal) -> Result {
        do {
            return try work()
        } catch {
            throw Refusal(report: error.document.serialized)
        }
    }
}
