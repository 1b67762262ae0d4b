import OverlayNode

/// An invitation for people and for scripts: the secret alone on standard output, the rest beside it.
enum InvitationOutput {
    static func write(_ reply: Reply) {
        guard case .invitation(let secret, let expires) = reply else { return Output.line(ReplyText.text(reply)) }
        Output.line(secret)
        Output.errorText("This works once, until \(Output.date(expires)), while this node runs.")
    }
}
