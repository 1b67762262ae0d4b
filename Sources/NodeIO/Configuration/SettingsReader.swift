import Identity
import OverlayNode
import Presence
import Primitives
import SIPMessages
import SIPStack

/// Reads the values of settings, from a file or from flags, and gathers what is wrong with them.
package struct SettingsReader {
    package private(set) var settings = NodeSettings()
    package private(set) var errors: [ConfigurationError] = []

    package init() {}

    /// Sets `key` to one value, or adds it to the key's list.
    ///
    /// - Parameter place: where the value stands, for the error: a file with its line and key, or a flag.
    package mutating func set(_ key: SettingKey, to text: String, at place: String) {
        guard assign(key, text) else {
            errors.append(
                ConfigurationError(
                    place, "\"\(text)\" \(Self.problem(with: text, for: key))", remedy: "write \(key.form)"))
            return
        }
    }

    /// Notes an error that was found elsewhere.
    package mutating func note(_ error: ConfigurationError) { errors.append(error) }

    /// What was set.
    ///
    /// - Throws: all that is wrong, when anything is.
    package func result() throws(ConfigurationErrors) -> NodeSettings {
        guard errors.isEmpty else { throw ConfigurationErrors(errors) }
        return settings
    }

    private mutating func assign(_ key: SettingKey, _ text: String) -> Bool {
        switch key {
        case .data: return assignPath(\.data, text)
        case .xcapCertificate: return assignPath(\.xcapCertificate, text)
        case .xcapKey: return assignPath(\.xcapKey, text)
        case .sipCertificate: return assignPath(\.sipCertificate, text)
        case .sipKey: return assignPath(\.sipKey, text)
        case .sipTrust: return assignPath(\.sipTrust, text)
        case .gateway:
            guard let value = ["true": true, "false": false][text.lowercased()] else { return false }
            settings.isGateway = value
        case .network:
            guard (1...64).contains(text.utf8.count),
                text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
            else { return false }
            settings.network = text
        case .domain, .domains:
            guard let name = AddressOfRecord(user: "a", host: text)?.host, Self.isDomainName(name) else { return false }
            if !settings.domains.contains(name) { settings.domains.append(name) }
        case .domainKey:
            guard let (name, key) = Self.domainKey(text) else { return false }
            // Two keys of one domain: nobody knows which one was meant.
            guard settings.domainKeys.updateValue(key, forKey: name) ?? key == key else { return false }
        case .sip:
            if settings.sipListeners == nil { settings.sipListeners = [] }
            if text == "none" { return true }
            guard let listener = Self.listener(text) else { return false }
            settings.sipListeners?.append(listener)
        case .overlay:
            guard let endpoint = Endpoint(text) else { return false }
            settings.overlay = endpoint
        case .join:
            guard let endpoint = Endpoint(text), endpoint.port != 0, !endpoint.address.isUnspecified else {
                return false
            }
            if !settings.join.contains(endpoint) { settings.join.append(endpoint) }
        case .trust:
            guard let prefix = AddressPrefix(text) else { return false }
            settings.trusted.append(prefix)
        case .log:
            guard let detail = LogDetail(rawValue: text) else { return false }
            settings.log = detail
        case .colleagues:
            guard let handling = SubscriptionHandling(spelled: text) else { return false }
            settings.colleagues = handling
        case .strangers:
            guard let handling = SubscriptionHandling(spelled: text) else { return false }
            settings.strangers = handling
        case .emergency:
            guard let uri = SIPURI(text), uri.isSIP, uri.headers.isEmpty else { return false }
            settings.emergency = uri
        case .xcap:
            guard let endpoint = Endpoint(text), endpoint.port != 0 else { return false }
            settings.xcap = endpoint
        case .border: return assignBorder(text)
        case .dns:
            guard let endpoint = Endpoint(text), endpoint.port != 0, !endpoint.address.isUnspecified else {
                return false
            }
            settings.dns = endpoint
        case .xcapRoot:
            guard Self.isRoot(text) else { return false }
            settings.xcapRoot = text
        }
        return true
    }

    private mutating func assignBorder(_ text: String) -> Bool {
        guard text.lowercased() != "any" else {
            settings.hasOpenBorder = true
            return true
        }
        guard let name = AddressOfRecord(user: "a", host: text)?.host, Self.isDomainName(name) else { return false }
        if !settings.borderDomains.contains(name) { settings.borderDomains.append(name) }
        return true
    }

    private mutating func assignPath(_ setting: WritableKeyPath<NodeSettings, String?>, _ text: String) -> Bool {
        guard !text.isEmpty, !text.utf8.contains(0) else { return false }
        settings[keyPath: setting] = text
        return true
    }

    /// An HTTP URI that names a host and has neither a query nor a fragment (RFC 4825 §6.1).
    private static func isRoot(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            return false
        }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        return rest.first.map { $0 != UInt8(ascii: "/") } ?? false
            && rest.allSatisfy { (0x21...0x7E).contains($0) && !"?#\"<>\\".utf8.contains($0) }
    }

    /// Letters, digits and hyphens between dots (RFC 1123 §2.1).
    private static func isDomainName(_ name: String) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        return name.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { byte in
                        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
                    }
            }
    }

    /// A domain and its key, written as `example.net=KEY`.
    private static func domainKey(_ text: String) -> (String, PublicSigningKey)? {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let name = AddressOfRecord(user: "a", host: String(parts[0]))?.host,
            isDomainName(name), let key = PublicSigningKey(text: parts[1])
        else { return nil }
        return (name, key)
    }

    private static func listener(_ text: String) -> SIPListener? {
        guard let colon = text.firstIndex(of: ":"), let endpoint = Endpoint(text[text.index(after: colon)...]),
            !endpoint.address.isUnspecified
        else { return nil }
        guard let transport = SIPTransport(text[..<colon]), transport != .overlay else { return nil }
        return SIPListener(transport, endpoint)
    }

    /// What is wrong with a value that was refused.
    private static func problem(with text: String, for key: SettingKey) -> String {
        switch key {
        case .data: "is not a path"
        case .gateway: "is neither true nor false"
        case .network: "is not a name for an overlay"
        case .domain, .domains: "is not a domain name"
        case .domainKey: "is not a domain with its one key"
        case .sip: sipProblem(text)
        case .overlay: "is not an address with a port"
        case .join:
            Endpoint(text) == nil ? "is not an address with a port" : "is not an address that can be called"
        case .trust: "is not a block of addresses"
        case .log: "is not a level of detail"
        case .colleagues, .strangers: "is nothing that can become of a watcher"
        case .emergency: "is not the SIP URI of an answering point"
        case .xcap: "is not an address with a port"
        case .xcapCertificate, .xcapKey, .sipCertificate, .sipKey, .sipTrust: "is not a path"
        case .border: "is neither a domain name nor any"
        case .dns: "is not the address of a name server"
        case .xcapRoot: "is not the URI of an XCAP root"
        }
    }

    private static func sipProblem(_ text: String) -> String {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let endpoint = Endpoint(parts[1]) else { return "is not a listener" }
        if endpoint.address.isUnspecified {
            return "names no address that could be written into messages for phones to answer to"
        }
        return "names no transport for SIP: \(parts[0])"
    }
}
