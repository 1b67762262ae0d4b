import Primitives

/// One of the dialogs that an INVITE makes, or the half one before there is any (RFC 4235 §3.7.1).
struct TrackedLeg: Sendable {
    /// Why a dialog ended, told from neither end.
    enum Ending: Hashable, Sendable {
        /// By a final response that is no 2xx.
        case refused(Int)
        /// The INVITE was over without this dialog.
        case abandoned
        case replaced
        case bye(byCaller: Bool)
        /// A request within the dialog was answered so.
        case failed(Int)
        case timeout
    }

    /// The callee's; nil before a response brought one.
    var tag: String?
    var state: DialogState
    /// The status code that brought it into its state.
    var code: Int?
    var ending: Ending?
    /// The final response of its branch. It counts once another dialog of the INVITE lives on; else the caller still
    /// waits for what the other branches bring.
    var refusal: Int?
    /// The callee's contact.
    var target: String?
    /// When it is given up without further word.
    var expires: Instant
    /// Whether a session timer says so (RFC 4028).
    var hasSessionTimer = false

    var isLive: Bool { state != .terminated }

    /// RFC 4235 §3.7.1: nothing comes after the end, and the first one counts.
    mutating func end(_ ending: Ending) {
        guard isLive else { return }
        state = .terminated
        self.ending = ending
        switch ending {
        case .refused(let status), .failed(let status): code = status
        case .abandoned, .replaced, .bye, .timeout: code = nil
        }
    }

    /// What RFC 4235 §3.7.1 calls its end, as one of the two sees it.
    func event(seenByCaller isCaller: Bool) -> DialogEvent? {
        switch ending {
        case nil: nil
        // RFC 4235 §3.7.1: a 487 is what a CANCEL brings about; every other refusal is a rejection.
        case .refused(487), .abandoned: .cancelled
        case .refused: .rejected
        case .replaced: .replaced
        case .bye(let byCaller): byCaller == isCaller ? .localBye : .remoteBye
        case .failed: .error
        case .timeout: .timeout
        }
    }
}
