/// What a person types into a phone.
struct PhoneAccount {
    var user: String
    var domain = "example.org"
    var password: String
    /// The outbound proxy, as `127.0.0.1:5060`.
    var server: String
    var transport = "udp"
    /// The file of the certificate that proves who the server is, for a transport of "tls".
    var authority: String?

    var address: String { "sip:\(user)@\(domain)" }
}
