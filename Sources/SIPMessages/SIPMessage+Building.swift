extension SIPMessage {
    /// A new request (RFC 3261 §8.1.1). Content-Length is added, and Content-Type when it is given; everything else that
    /// a request must have is for the caller to list, Via first by custom.
    package static func request(
        _ method: SIPMethod, uri: SIPURI, headers: [(HeaderName, String)] = [], body: [UInt8] = [],
        contentType: String? = nil
    ) -> SIPMessage {
        build("\(method) \(uri) SIP/2.0", headers, body, contentType)
    }

    /// A response to this request (RFC 3261 §8.2.6): Via, From, To, Call-ID and CSeq are copied in their order, byte by
    /// byte; Timestamp as well into a 100 (§8.2.6.1), and Record-Route into a response that may make a dialog
    /// (§12.1.1).
    ///
    /// - Parameter toTag: is added to To when it has no tag yet; a 100 gets none.
    package func response(
        _ status: Int, _ reason: String? = nil, toTag: String? = nil, headers: [(HeaderName, String)] = [],
        body: [UInt8] = [], contentType: String? = nil
    ) -> SIPMessage {
        var out = EditedBytes(
            building: "SIP/2.0 \(status) \(reason ?? StatusCode.reasonPhrase(status))",
            size: Int(index.fieldsEnd) + 128 + body.count)
        let keepsRoutes = (101..<300).contains(status) && method?.formsDialog == true
        for field in index.fields {
            switch field.header {
            case .via, .from, .callID, .cseq:
                out.write(HeaderName(field.header), valueBytes(field))
            case .to:
                out.write(.to, valueBytes(field) + tagToAdd(status, toTag))
            case .recordRoute where keepsRoutes, .timestamp where status == 100:
                out.write(HeaderName(field.header), valueBytes(field))
            default:
                break
            }
        }
        return Self.finish(out, headers, body, contentType)
    }

    private func tagToAdd(_ status: Int, _ tag: String?) -> [UInt8] {
        guard let tag, status > 100, (try? to)?.tag == nil else { return [] }
        return Array(";tag=\(tag)".utf8)
    }

    private static func build(
        _ startLine: String, _ headers: [(HeaderName, String)], _ body: [UInt8], _ contentType: String?
    ) -> SIPMessage {
        let size = headers.reduce(body.count + 256) { $0 + $1.1.utf8.count + 24 }
        return finish(EditedBytes(building: startLine, size: size), headers, body, contentType)
    }

    private static func finish(
        _ start: EditedBytes, _ headers: [(HeaderName, String)], _ body: [UInt8], _ contentType: String?
    ) -> SIPMessage {
        var out = start
        for (name, value) in headers where name != .contentLength { out.write(name, text: value) }
        if let contentType { out.write(.contentType, text: contentType) }
        out.write(.contentLength, text: "\(body.count)")
        return out.finish(body: body)
    }
}
