/// What a request asks for (RFC 3261 §7.1); methods are compared with regard to case.
package enum SIPMethod: Hashable, Sendable, CustomStringConvertible {
    case invite, ack, bye, cancel, options, register, message, subscribe, notify, publish, refer, info, prack, update
    /// A method of an extension that this module does not know, as it was written.
    case other(String)

    package static let known: [SIPMethod] = [
        .invite, .ack, .bye, .cancel, .options, .register, .message, .subscribe, .notify, .publish, .refer, .info,
        .prack, .update,
    ]

    package init(_ text: some StringProtocol) {
        self =
            switch text {
            case "INVITE": .invite
            case "ACK": .ack
            case "BYE": .bye
            case "CANCEL": .cancel
            case "OPTIONS": .options
            case "REGISTER": .register
            case "MESSAGE": .message
            case "SUBSCRIBE": .subscribe
            case "NOTIFY": .notify
            case "PUBLISH": .publish
            case "REFER": .refer
            case "INFO": .info
            case "PRACK": .prack
            case "UPDATE": .update
            default: .other(String(text))
            }
    }

    init(_ bytes: ArraySlice<UInt8>) { self.init(String(decoding: bytes, as: UTF8.self)) }

    package var description: String {
        switch self {
        case .invite: "INVITE"
        case .ack: "ACK"
        case .bye: "BYE"
        case .cancel: "CANCEL"
        case .options: "OPTIONS"
        case .register: "REGISTER"
        case .message: "MESSAGE"
        case .subscribe: "SUBSCRIBE"
        case .notify: "NOTIFY"
        case .publish: "PUBLISH"
        case .refer: "REFER"
        case .info: "INFO"
        case .prack: "PRACK"
        case .update: "UPDATE"
        case .other(let text): text
        }
    }

    /// Whether a 2xx to a request of this method outside a dialog makes one (RFC 3261 §12.1, RFC 6665 §4.4.1,
    /// RFC 3515 §2.4.6).
    package var formsDialog: Bool { self == .invite || self == .subscribe || self == .refer || self == .notify }
}
