extension SIPURI {
    /// Whether the URI asks for help: `urn:service:sos` or one of its sub-services, such as `urn:service:sos.fire`
    /// (RFC 5031 §4.2). A service name is compared without regard to case (§4.1).
    package var isEmergencyService: Bool {
        guard case .other("urn") = scheme else { return false }
        let name = opaque.lowercased()
        return name == "service:sos" || name.hasPrefix("service:sos.")
    }
}
