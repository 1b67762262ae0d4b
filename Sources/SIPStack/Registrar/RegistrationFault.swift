import SIPMessages

/// Why a REGISTER changes nothing, as its response says it.
struct RegistrationFault: Error, Sendable {
    let status: Int
    let reason: String?
    let headers: [(HeaderName, String)]

    init(_ status: Int, _ reason: String? = nil, headers: [(HeaderName, String)] = []) {
        self.status = status
        self.reason = reason
        self.headers = headers
    }
}
