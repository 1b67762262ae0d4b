import SIPMessages

/// Chooses among the final responses of the branches (RFC 3261 §16.7 steps 6 and 7).
struct BestResponse: Sendable {
    enum Candidate: Sendable {
        /// A response of a branch, with our Via already taken off.
        case received(SIPMessage)
        /// What a branch is taken to have answered that did not answer.
        case assumed(Int)

        var status: Int {
            switch self {
            case .received(let response): response.statusCode ?? 500
            case .assumed(let status): status
            }
        }
    }

    private(set) var candidate: Candidate?
    /// The challenges of all branches, which the client must see together.
    private var challenges: [(name: HeaderName, value: String)] = []
    /// More challenges than this are not collected: each branch is a device of one user.
    private static let maximumChallenges = 32

    mutating func add(_ new: Candidate) {
        if case .received(let response) = new, [401, 407].contains(new.status) {
            for name in [HeaderName.wwwAuthenticate, .proxyAuthenticate] {
                for value in response.values(name) where challenges.count < Self.maximumChallenges {
                    challenges.append((name, value.string))
                }
            }
        }
        guard let old = candidate else {
            candidate = new
            return
        }
        if Self.rank(new.status) < Self.rank(old.status) { candidate = new }
    }

    /// RFC 3261 §16.7 step 6: 6xx before all; else the lowest class; within the 4xx those first that tell how to send
    /// the request again (401, 407, 415, 420, 484), and last those that say nothing of the user (408, 430, 487).
    private static func rank(_ status: Int) -> Int {
        switch status {
        case 600...: 0
        case 300..<400: 100
        case 401, 407, 415, 420, 484: 200
        case 408, 430: 290
        case 487: 280
        case 404, 480: 260
        case 400..<500: 240
        case 503: 390
        default: 300
        }
    }

    /// RFC 3261 §16.7 step 7: a 401 or 407 carries the challenges of all the others too.
    func withAllChallenges(_ response: SIPMessage) -> SIPMessage {
        guard let status = response.statusCode, [401, 407].contains(status) else { return response }
        return response.editing { edit in
            edit.removeAll(.wwwAuthenticate)
            edit.removeAll(.proxyAuthenticate)
            for challenge in challenges { edit.append(challenge.name, challenge.value) }
        }
    }
}
