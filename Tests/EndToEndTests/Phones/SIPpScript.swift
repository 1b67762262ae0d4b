/// A scenario for SIPp, made of the few steps that presence takes. Each request is sent again with credentials when it is
/// challenged; each NOTIFY is answered.
///
/// Fields of its row: 0 user, 1 domain, 2 credentials.
struct SIPpScript {
    private var steps: [String] = []
    private var variables: Set<String> = []
    private var sequence = 0
    private var labels = 0

    /// The scenario as SIPp reads it.
    var text: String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <scenario name="presence">
        \(steps.joined(separator: "\n"))
        \(variables.isEmpty ? "" : "<Reference variables=\"\(variables.sorted().joined(separator: ","))\"/>")
        </scenario>

        """
    }

    static let presence = "application/pidf+xml"

    /// A presence document of the script's user.
    static func document(_ tuple: String, _ basic: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:[field0]@[field1]"><tuple id="\(tuple)"><status>\
        <basic>\(basic)</basic></status></tuple></presence>
        """
    }

    /// Sends a request and expects it to be answered in this way.
    ///
    /// - Parameters:
    ///   - target: whose state it is about.
    ///   - dialog: tells apart the dialogs of a script; in one that was subscribed before, the request goes there.
    ///   - isAnew: whether the dialog is forgotten, all but its name.
    mutating func send(
        _ method: String, about target: String = "[field0]", in dialog: String = "", isAnew: Bool = false,
        _ headers: [String],
        body: String = "", type: String? = nil, expecting status: Int = 200, keeping entityTag: String? = nil
    ) {
        let isInDialog = variables.contains("contact\(dialog)") && method == "SUBSCRIBE" && !isAnew
        let callID = dialog.isEmpty ? "[call_id]" : "\(dialog)///[call_id]"
        let uri = isInDialog ? "[$contact\(dialog)]" : "sip:\(target)@[field1]"
        for hasCredentials in [false, true] {
            sequence += 1
            var lines = [
                "\(method) \(uri) SIP/2.0",
                "Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]", "Max-Forwards: 70",
                "From: <sip:[field0]@[field1]>;tag=[call_number]p[pid]\(dialog)",
                "To: <sip:\(target)@[field1]>\(isInDialog ? "[$tag\(dialog)]" : "")", "Call-ID: \(callID)",
                "CSeq: \(sequence) \(method)", "Contact: <sip:[field0]@[local_ip]:[local_port];transport=[transport]>",
                // Whoever is known to lack SHA-256 is challenged with MD5 alone.
                "User-Agent: SIPp",
            ]
            if hasCredentials { lines.append("[field2]") }
            lines += headers + (type.map { ["Content-Type: \($0)"] } ?? []) + ["Content-Length: [len]", "", body]
            steps.append("<send retrans=\"500\"><![CDATA[\n\(lines.joined(separator: "\n"))\n]]></send>")
            if !hasCredentials { steps.append("<recv response=\"401\" auth=\"true\"/>") }
        }
        var actions: [String] = []
        if method == "SUBSCRIBE", status < 300, !isInDialog {
            actions.append(keep("tag\(dialog)", from: "To:", ";tag=[^;]*"))
            actions.append(keep("contact\(dialog)", from: "Contact:", "sip:[^>]*"))
        }
        if let entityTag { actions.append(keep(entityTag, from: "SIP-ETag:", "[^ ]+")) }
        steps.append("<recv response=\"\(status)\"><action>\(actions.joined())<log message=\"ok\"/></action></recv>")
    }

    private mutating func keep(_ variable: String, from header: String, _ pattern: String) -> String {
        variables.insert(variable)
        return "<ereg regexp=\"\(pattern)\" search_in=\"hdr\" header=\"\(header)\" check_it=\"true\" "
            + "assign_to=\"\(variable)\"/>"
    }

    private static let mostNotifications = 12

    /// Answers NOTIFYs until one has this in it, and then that one.
    ///
    /// - Parameters:
    ///   - pattern: what its header or body has, as a POSIX extended regular expression. SIPp reads it as an attribute
    ///     without escapes, so what XML would escape is matched by any character.
    ///   - lacking: what it must not have.
    mutating func awaitNotify(_ pattern: String, lacking: String? = nil) {
        labels += 1
        let done = labels
        let found = "found\(done)"
        variables.insert(found)
        var actions = "<ereg regexp=\"\(Self.attribute(pattern))\" search_in=\"msg\" assign_to=\"\(found)\"/>"
        if let lacking {
            variables.insert("unused")
            actions +=
                "<ereg regexp=\"\(Self.attribute(lacking))\" search_in=\"msg\" check_it_inverse=\"true\" assign_to=\"unused\"/>"
        }
        // One after the other: SIPp takes no message while it jumps back.
        for _ in 0..<Self.mostNotifications {
            steps += [
                "<recv request=\"NOTIFY\"><action>\(actions)</action></recv>",
                """
                <send next="\(done)" test="\(found)"><![CDATA[
                SIP/2.0 200 OK
                [last_Via:]
                [last_From:]
                [last_To:]
                [last_Call-ID:]
                [last_CSeq:]
                Content-Length: 0

                ]]></send>
                """,
            ]
        }
        steps.append("<label id=\"\(done)\"/>")
    }

    private static func attribute(_ pattern: String) -> String { pattern.replacing(/[<>"&]/, with: ".") }
}
