import SIPMessages

/// Does everything to some bytes that this node would do to a message from a stranger, and says which promise was
/// broken. The fuzzer and the mutation test both run it.
struct MessageExerciser {
    /// The first broken promise; nil while all are kept.
    private(set) var complaint: String?

    init(_ bytes: [UInt8]) {
        frame(bytes)
        do {
            let message = try SIPMessage(parsing: bytes)
            check(message)
        } catch {
            if let partial = error.message {
                touch(partial)
                if let response = error.response { expectParses(response, "response to a broken request") }
            }
        }
    }

    private mutating func expect(_ holds: Bool, _ what: @autoclosure () -> String) {
        if !holds, complaint == nil { complaint = what() }
    }

    /// A message must read back as itself. A value may grow past the limits by being written under another name, so
    /// messages near them are left out.
    private mutating func expectParses(_ message: SIPMessage, _ what: String) {
        guard message.bytes.count < MessageLimits.line - 256,
            message.headerFields.count < MessageLimits.headerFields - 4
        else { return }
        do {
            let again = try SIPMessage(parsing: message.bytes)
            expect(again.bytes == message.bytes, "\(what): other bytes")
            expect(again.headerFields == message.headerFields, "\(what): other header fields")
            expect(again.body == message.body, "\(what): another body")
            expect(again.description == message.description, "\(what): another start line")
        } catch {
            expect(false, "\(what): \(error)")
        }
    }

    private mutating func check(_ message: SIPMessage) {
        expectParses(message, "parsed message")
        touch(message)
        roundTrip(message)
        edit(message)
        if message.isRequest {
            let response = message.response(200, toTag: "t", headers: [("X-Own", "a\r\nEvil: b")], body: [1, 2])
            expectParses(response, "response")
            expect(!response.contains("Evil"), "response: a header field came in by a value")
        }
        if let fault = message.validation(), let response = fault.response(to: message, toTag: "x") {
            expectParses(response, "response to a fault")
        }
    }

    // MARK: Every view

    private func touch(_ message: SIPMessage) {
        _ = (message.method, message.statusCode, message.reasonPhrase, message.requestURI, message.description)
        _ = (try? message.vias, try? message.from, try? message.to, try? message.callID, try? message.cseq)
        _ = (try? message.contacts, message.isContactWildcard, try? message.maxForwards, try? message.maxBreadth)
        _ = (try? message.routes, try? message.topRoute, try? message.recordRoutes, try? message.path)
        _ = (try? message.serviceRoutes, try? message.replyTo, try? message.referTo, try? message.assertedIdentities)
        _ = (message.expires, message.minExpires, try? message.event, try? message.subscriptionState)
        _ = (try? message.sipETag, try? message.sipIfMatch, try? message.suppressIfMatch, message.date)
        _ = (try? message.contentType, try? message.contentLength, try? message.accept, try? message.contentEncoding)
        _ = (try? message.require, try? message.proxyRequire, try? message.supported, try? message.unsupported)
        _ = (try? message.allow, try? message.allowEvents, try? message.warnings, try? message.retryAfter)
        _ = (try? message.authorization, try? message.proxyAuthorization, try? message.wwwAuthenticate)
        _ = (try? message.proxyAuthenticate, try? message.reasons, message.extensionFault(.require, understood: []))
        for field in message.headerFields {
            _ = (message.values(field.name).map(\.string), message.firstValue(field.name))
        }
    }

    // MARK: Views that are written read back as themselves

    private mutating func roundTrip(_ message: SIPMessage) {
        for via in (try? message.vias) ?? [] {
            expect((try? Via(HeaderText("\(via)"))) == via, "Via is not itself again: \(via)")
        }
        var addresses = (try? message.routes) ?? []
        addresses += (try? message.contacts.map(\.address)) ?? []
        if let from = try? message.from { addresses.append(from) }
        if let to = try? message.to { addresses.append(to) }
        for address in addresses {
            expect((try? NameAddress(HeaderText("\(address)"))) == address, "address is not itself again: \(address)")
            expect(address.uri.isEquivalent(to: address.uri), "URI differs from itself: \(address.uri)")
            if let aor = address.uri.addressOfRecord {
                expect(SIPURI(aor).addressOfRecord == aor, "public name is not itself again: \(aor)")
            }
        }
        if let uri = message.requestURI {
            expect(SIPURI("\(uri)") == uri, "URI is not itself again: \(uri)")
        }
        if let cseq = try? message.cseq { expect((try? CSeq(HeaderText("\(cseq)"))) == cseq, "CSeq: \(cseq)") }
        if let event = try? message.event {
            expect((try? EventHeader(HeaderText("\(event)"))) == event, "Event: \(event)")
        }
        if let type = try? message.contentType {
            expect((try? MediaType(HeaderText("\(type)"))) == type, "type: \(type)")
        }
        if let state = try? message.subscriptionState {
            expect((try? SubscriptionState(HeaderText("\(state)"))) == state, "Subscription-State: \(state)")
        }
    }

    // MARK: Edits

    private mutating func edit(_ message: SIPMessage) {
        expect(message.editing { _ in }.bytes == message.bytes, "an edit without a change changes something")
        let routes = message.values(.route).count
        let edited = message.editing {
            $0.prepend(.via, Via(transport: .tcp, host: "own.example", port: 5060, branch: "z9hG4bKown"))
            $0.removeFirstValue(.route)
            $0.set(.maxForwards, 69)
            $0.removeAll("X-Odd")
            $0.replaceFirst(.contact, "<sip:own@own.example>")
            $0.setRequestURI(SIPURI(user: "own", host: "own.example"))
        }
        expectParses(edited, "edited message")
        expect((try? edited.topVia.branch) == "z9hG4bKown", "the new Via is not on top")
        if routes > 0, routes < MessageLimits.listValues {
            expect(
                edited.values(.route) == Array(message.values(.route).dropFirst()), "not the first Route was removed")
        }
        expect(edited.body == message.body, "an edit of the head changed the body")
        let other = message.editing { $0.setBody([0x61, 0x0D, 0x0A, 0x0D, 0x0A]) }
        expectParses(other, "message with another body")
        expect(other.body.count == 5, "not the new body")
    }

    // MARK: Streams

    /// However the bytes arrive, the same messages come out of them, or the same fault.
    private mutating func frame(_ bytes: [UInt8]) {
        let whole = Self.elements(bytes, step: bytes.count)
        // The first byte chooses where the stream is cut.
        let step = bytes.first.map { Int($0 & 31) + 1 } ?? 1
        let parts = Self.elements(bytes, step: step)
        expect(whole.messages == parts.messages, "cut by \(step): other messages")
        expect(whole.pings == parts.pings, "cut by \(step): \(whole.pings) pings became \(parts.pings)")
        expect(whole.fault == parts.fault, "cut by \(step): another fault")
        for message in whole.messages { expect(!message.isEmpty, "an empty message") }
    }

    private static func elements(
        _ bytes: [UInt8], step: Int
    ) -> (messages: [[UInt8]], pings: Int, fault: String?) {
        var framer = StreamFramer()
        var messages: [[UInt8]] = []
        var pings = 0
        var start = 0
        do {
            while start < bytes.count {
                let end = min(start + max(step, 1), bytes.count)
                framer.append(bytes[start..<end])
                start = end
                while let element = try framer.next() {
                    switch element {
                    case .message(let message): messages.append(message)
                    case .ping: pings += 1
                    case .pong: break
                    }
                }
            }
        } catch {
            return (messages, pings, "\(error)")
        }
        return (messages, pings, nil)
    }
}
