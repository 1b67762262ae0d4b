extension NodeSettings {
    /// What is wrong with the settings of the border together.
    var borderErrors: [ConfigurationError] {
        var errors: [ConfigurationError] = []
        let isClosed = borderDomains.isEmpty && hasOpenBorder != true
        if !isClosed, isGateway != true {
            errors.append(
                ConfigurationError(
                    "border", "only a gateway can be answered from outside",
                    remedy: "add --gateway, or leave --border out"))
        }
        for domain in borderDomains where domains.contains(domain) || domainKeys[domain] != nil {
            errors.append(
                ConfigurationError(
                    "border", "\(domain) is a domain of the overlay, and so is reached without the DNS",
                    remedy: "leave it out here"))
        }
        if isClosed, dns != nil {
            errors.append(
                ConfigurationError(
                    "dns", "no names are looked up unless domains outside the overlay are called",
                    remedy: "add --border DOMAIN or --border any, or leave --dns out"))
        }
        if sipTrust != nil, isClosed || !(sipListeners ?? []).contains(where: { $0.transport == .tls }) {
            errors.append(
                ConfigurationError(
                    "sip-trust", "no servers of other domains are called by TLS",
                    remedy: "add --border DOMAIN and --sip tls:ADDRESS:5061, or leave it out"))
        }
        return errors
    }
}
