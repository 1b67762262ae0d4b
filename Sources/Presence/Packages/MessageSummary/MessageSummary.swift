/// What a mailbox says of its messages: `application/simple-message-summary` (RFC 3842 §5.2) taken apart.
///
/// Message headers at the end are not kept: RFC 3842 §3.8 forbids them in the first NOTIFY of a subscription, and §3.5
/// bounds them to what is new to that subscription, which a publication can't know.
package struct MessageSummary: Hashable, Sendable {
    /// One summary line: the messages of a message context class (RFC 3458 §6.2), such as `Voice-Message`.
    package struct Line: Hashable, Sendable {
        /// As it is written.
        package var contextClass: String
        package var messages: MessageCount
        /// How many of them are urgent; nil when it isn't said.
        package var urgent: MessageCount?
    }

    /// RFC 3458 defines six classes; others may come, but not many.
    package static let maximumLines = 16
    /// Bytes of a class's name or an account's URI.
    private static let maximumLength = 255

    /// Whether there are messages that wait.
    package var isWaiting: Bool
    /// Whose mailbox it is, a URI; nil when it isn't said.
    package var account: String?
    /// In the order of the document, one for each class.
    package var lines: [Line] = []

    package init(isWaiting: Bool = false, account: String? = nil) {
        self.isWaiting = isWaiting
        self.account = account
    }

    /// Parses a body from outside. Lines that are not known are passed over.
    package init(parsing document: [UInt8]) throws(EventStateError) {
        var waiting: Bool?
        self.init()
        for line in String(decoding: document, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        {
            guard !String(line).trimmed.isEmpty else {
                // RFC 3842 §5.2: an empty line parts the summary from message headers.
                if waiting == nil { continue }
                break
            }
            // A line that goes on with white space belongs to a header field that isn't known here.
            guard line.first != " ", line.first != "\t", let colon = line.firstIndex(of: ":") else { continue }
            let name = String(line[..<colon]).trimmed
            let value = String(line[line.index(after: colon)...]).trimmed
            guard let isWaiting = waiting else {
                // RFC 3842 §5.2: the status line is the first, and all is compared without regard to case.
                guard name.lowercased() == "messages-waiting", let said = Self.status(value) else {
                    throw EventStateError("the first line does not say whether messages wait")
                }
                waiting = said
                continue
            }
            self.isWaiting = isWaiting
            if name.lowercased() == "message-account" {
                account = value.isEmpty || value.utf8.count > Self.maximumLength ? nil : value
            } else if let line = try Self.line(name, value) {
                try add(line)
            }
        }
        guard let waiting else { throw EventStateError("an empty message summary") }
        isWaiting = waiting
    }

    private static func status(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "yes": true
        case "no": false
        default: nil
        }
    }

    /// RFC 3842 §5.2: `2/8 (0/2)`. Nil for what is no summary line.
    private static func line(_ name: String, _ value: String) throws(EventStateError) -> Line? {
        let parts = value.split(separator: "(", omittingEmptySubsequences: false)
        guard let first = parts.first, let messages = MessageCount(first) else { return nil }
        guard isToken(name) else { throw EventStateError("a message context class that is no token") }
        guard parts.count > 1 else { return Line(contextClass: name, messages: messages) }
        guard parts.count == 2, parts[1].last == ")", let urgent = MessageCount(parts[1].dropLast()) else {
            throw EventStateError("urgent messages of \(name) that are no numbers")
        }
        return Line(contextClass: name, messages: messages, urgent: urgent)
    }

    private static func isToken(_ text: String) -> Bool {
        (1...maximumLength).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Adds messages to those of the same class.
    mutating func add(_ line: Line) throws(EventStateError) {
        let name = line.contextClass.lowercased()
        guard let position = lines.firstIndex(where: { $0.contextClass.lowercased() == name }) else {
            guard lines.count < Self.maximumLines else {
                throw EventStateError("more message context classes than are accepted")
            }
            lines.append(line)
            return
        }
        lines[position].messages = lines[position].messages + line.messages
        if let urgent = line.urgent { lines[position].urgent = (lines[position].urgent ?? MessageCount()) + urgent }
    }

    /// The body, in UTF-8.
    package var serialized: [UInt8] {
        var text = "Messages-Waiting: \(isWaiting ? "yes" : "no")\r\n"
        if let account { text += "Message-Account: \(account)\r\n" }
        for line in lines {
            text += "\(line.contextClass): \(line.messages.new)/\(line.messages.old)"
            if let urgent = line.urgent { text += " (\(urgent.new)/\(urgent.old))" }
            text += "\r\n"
        }
        return Array(text.utf8)
    }
}
