/// Where an INVITE dialog is in its life (RFC 4235 §3.7.1), the later the greater: none goes back.
package enum DialogState: String, CaseIterable, Comparable, Sendable {
    /// The INVITE is on its way.
    case trying
    /// There is a provisional response, but no dialog yet.
    case proceeding
    /// A provisional response with a tag has made a dialog.
    case early
    /// A 2xx has confirmed it.
    case confirmed
    case terminated

    private var rank: Int {
        switch self {
        case .trying: 0
        case .proceeding: 1
        case .early: 2
        case .confirmed: 3
        case .terminated: 4
        }
    }

    package static func < (a: DialogState, b: DialogState) -> Bool { a.rank < b.rank }
}
