import Presence
import Primitives
import SIPMessages

/// A phone that subscribes to lists, and what it has been told of their members.
struct ListPhone {
    private(set) var phone: Phone
    /// What is known of each member: the state of its subscription, and the notes in its presence document.
    private(set) var members: [String: String] = [:]
    private(set) var isEnded = false
    /// What the 200 said of the dialog, for refreshes.
    private var remoteTag: String?

    init(_ user: String, port: UInt16, server: Int) { phone = Phone(user, port: port, server: server) }

    mutating func register(_ mesh: inout Mesh) throws {
        guard phone.register(&mesh, password: "pw-\(phone.user)") == 200 else { throw Failure("not registered") }
    }

    /// Subscribes to a list, or asks again within the dialog, and gives the status of the answer.
    mutating func subscribe(
        _ mesh: inout Mesh, to list: String, supporting extensions: String = "eventlist", again: Bool = false
    ) -> Int? {
        if !again { isEnded = false }
        let response = phone.perform(
            &mesh, .subscribe, to: SIPURI("sip:\(list)@example.org")!, password: "pw-\(phone.user)",
            headers: [
                (.event, "presence"), (.expires, "600"), (.contact, phone.contact), (.supported, extensions),
                (.accept, "application/pidf+xml, application/rlmi+xml, multipart/related"),
            ])
        return response?.statusCode
    }

    /// Takes all NOTIFYs that come while time passes.
    mutating func listen(_ mesh: inout Mesh, for limit: Interval = .seconds(10), until isDone: (Self) -> Bool) -> Bool {
        let end = mesh.now + limit
        while !isDone(self) {
            guard mesh.now < end,
                let notify = mesh.message(
                    from: phone.server, toPort: phone.port, within: end - mesh.now, where: { $0.method == .notify })
            else { return isDone(self) }
            mesh.receive(notify.response(200), at: phone.server, fromPort: phone.port)
            take(notify)
        }
        return true
    }

    private mutating func take(_ notify: SIPMessage) {
        if notify.value(.subscriptionState)?.string.hasPrefix("terminated") == true { isEnded = true }
        guard let type = (try? notify.contentType) ?? nil, let boundary = type.parameters["boundary"],
            let parts = try? MultipartBody(parsing: notify.body, boundary: boundary).parts,
            let rlmi = parts.first.flatMap({ RLMI(parsing: $0.content) })
        else { return }
        if rlmi.isFull { members = [:] }
        for resource in rlmi.resources {
            let instance = resource.instances.first
            let part = parts.first { $0.contentID != nil && $0.contentID == instance?.contentID }
            let text = String(decoding: part?.content ?? [], as: UTF8.self)
            let notes = text.components(between: "<note>", and: "</note>")
            let state = instance.map { "\($0.state)" } ?? "-"
            members[resource.uri] = ([state] + notes).joined(separator: " ")
        }
    }
}

extension String {
    /// The texts between each pair of these marks.
    fileprivate func components(between start: String, and end: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let begin = rest.firstRange(of: start) {
            rest = rest[begin.upperBound...]
            guard let stop = rest.firstRange(of: end) else { break }
            found.append(String(rest[..<stop.lowerBound]))
            rest = rest[stop.upperBound...]
        }
        return found
    }
}
