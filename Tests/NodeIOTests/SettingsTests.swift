import Identity
import NodeIO
import OverlayNode
import Primitives
import SIPStack
import Testing

@Suite struct SettingsTests {
    @Test func aFileSaysAllThatFlagsDo() throws {
        let settings = try SettingsFile.parse(
            """
            # a gateway
            data: /var/lib/starling
            gateway: true
            network: our net
            domains: [example.org, Example.NET]
            domain-key: [Example.com=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]
            sip:
              - udp:127.0.0.1:5060
              - tls:[::1]:5061
            sip-certificate: /etc/starling/sip.pem
            sip-key: /etc/starling/sip-key.pem
            overlay: 0.0.0.0:7065
            join: 192.0.2.1:7065
            trust: [10.0.0.0/8]
            log: debug
            colleagues: confirm
            strangers: polite-block
            xcap: 192.0.2.1:8443
            xcap-certificate: /etc/starling/chain.pem
            xcap-key: /etc/starling/key.pem
            xcap-root: https://xcap.example.org/xcap-root
            border: [Other.example, any]
            dns: 192.0.2.53:53
            sip-trust: /etc/starling/authorities.pem
            """, name: "a.yaml")
        #expect(settings.data == "/var/lib/starling")
        #expect(settings.isGateway == true)
        #expect(settings.network == "our net")
        #expect(settings.domains == ["example.org", "example.net"])
        #expect(
            settings.sipListeners == [
                SIPListener(.udp, try #require(Endpoint("127.0.0.1:5060"))),
                SIPListener(.tls, try #require(Endpoint("[::1]:5061"))),
            ])
        #expect(
            settings.sipCertificateFiles
                == CertificateFiles(chain: "/etc/starling/sip.pem", key: "/etc/starling/sip-key.pem"))
        #expect(settings.overlay == Endpoint("0.0.0.0:7065"))
        #expect(settings.join == [try #require(Endpoint("192.0.2.1:7065"))])
        #expect(settings.trusted == [try #require(AddressPrefix("10.0.0.0/8"))])
        #expect(settings.log == .debug)
        #expect(
            settings.domainKeys == ["example.com": try #require(PublicSigningKey([UInt8](repeating: 0, count: 32)))])
        #expect(settings.borderDomains == ["other.example"] && settings.hasOpenBorder == true)
        #expect(settings.outside.dns == Endpoint("192.0.2.53:53"))
        #expect(settings.outside.trust == "/etc/starling/authorities.pem")
        #expect(settings.colleagues == .confirm && settings.strangers == .politeBlock)
        #expect(
            settings.xcapListener
                == XCAPListener(
                    endpoint: try #require(Endpoint("192.0.2.1:8443")),
                    certificate: CertificateFiles(chain: "/etc/starling/chain.pem", key: "/etc/starling/key.pem"),
                    root: "https://xcap.example.org/xcap-root"))
    }

    @Test(arguments: ["", "# nothing\n", "---\n"]) func anEmptyFileSetsNothing(text: String) throws {
        #expect(try SettingsFile.parse(text, name: "a.yaml") == NodeSettings())
    }

    /// What is wrong, and what the message about it must say.
    @Test(
        arguments: [
            ("gatway: true", ["a.yaml:1: gatway", "did you mean \"gateway\"?"]),
            ("colour: red", ["a.yaml:1: colour", "no such key", "the keys are data, gateway"]),
            ("log: event\ngateway: perhaps", ["a.yaml:2: gateway", "\"perhaps\"", "true or false"]),
            ("sip: udp:127.0.0.1", ["a.yaml:1: sip", "\"udp:127.0.0.1\"", "udp:127.0.0.1:5060"]),
            (
                "sip:\n  - udp:127.0.0.1:5060\n  - sctp:127.0.0.1:5060",
                ["a.yaml:3: sip", "names no transport for SIP", "sctp"]
            ),
            ("sip: udp:0.0.0.0:5060", ["a.yaml:1: sip", "for phones to answer to"]),
            ("overlay: 7065", ["a.yaml:1: overlay", "\"7065\"", "0.0.0.0:7065"]),
            ("overlay: [1.2.3.4:5]", ["a.yaml:1: overlay", "a list stands"]),
            ("join: 0.0.0.0:7065", ["a.yaml:1: join", "can be called"]),
            ("join:", ["a.yaml:1: join", "missing"]),
            ("domain: -x.org", ["a.yaml:1: domain", "not a domain name", "example.org"]),
            ("domains: [a.org, {b: c}]", ["a.yaml:1: domains", "mapping"]),
            ("trust: 10.0.0.0/40", ["a.yaml:1: trust", "10.0.0.0/8"]),
            ("log: loud", ["a.yaml:1: log", "warning, event, debug"]),
            ("domain-key: example.com", ["a.yaml:1: domain-key", "NAME=KEY", "starling domain list"]),
            ("domain-key: example.com=abc", ["a.yaml:1: domain-key", "one key"]),
            ("strangers: perhaps", ["a.yaml:1: strangers", "\"perhaps\"", "allow, confirm, polite-block or block"]),
            ("network: \"\"", ["a.yaml:1: network", "1 to 64"]),
            ("xcap: 8080", ["a.yaml:1: xcap", "\"8080\"", "192.0.2.1:8080"]),
            ("xcap: 192.0.2.1:0", ["a.yaml:1: xcap", "192.0.2.1:8080"]),
            ("xcap-key: \"\"", ["a.yaml:1: xcap-key", "/etc/starling/key.pem"]),
            ("xcap-root: xcap.example.org", ["a.yaml:1: xcap-root", "https://xcap.example.org/xcap-root"]),
            ("xcap-root: https:///xcap-root", ["a.yaml:1: xcap-root", "not the URI"]),
            ("xcap-root: https://a.org/x?y", ["a.yaml:1: xcap-root", "without a query"]),
            ("border: \"*\"", ["a.yaml:1: border", "neither a domain name nor any", "example.net"]),
            ("dns: 192.0.2.53", ["a.yaml:1: dns", "ADDRESS:PORT"]),
            ("- a\n- b", ["a.yaml:1", "KEY: VALUE"]),
            ("gateway: true\n  sip: x\n", ["a.yaml:2", "not YAML"]),
            ("log: event\nlog: debug", ["a.yaml", "log", "once"]),
        ] as [(String, [String])])
    func everyErrorSaysWhereWhatAndHow(text: String, words: [String]) {
        let error = #expect(throws: ConfigurationErrors.self) { try SettingsFile.parse(text, name: "a.yaml") }
        for word in words { #expect("\(error!)".contains(word), "\(error!)") }
    }

    @Test func allErrorsAreToldAtOnce() {
        let error = #expect(throws: ConfigurationErrors.self) {
            try SettingsFile.parse("log: loud\ngateway: 7\nsip: x", name: "a.yaml")
        }
        #expect(error?.errors.count == 3)
    }

    /// Settings that are right each by itself.
    @Test(
        arguments: [
            ("border: any", ["border", "--gateway"]),
            (
                "gateway: true\nsip: udp:127.0.0.1:5060\ndomain: a.example\nborder: a.example",
                ["border", "leave it out"]
            ),
            ("dns: 192.0.2.53:53", ["dns", "--border"]),
            ("gateway: true\nsip: udp:127.0.0.1:5060\nborder: any\nsip-trust: /x", ["sip-trust", "--sip tls:"]),
        ] as [(String, [String])])
    func whatDoesNotFitTogetherIsTold(text: String, words: [String]) throws {
        let settings = try SettingsFile.parse(text, name: "a.yaml")
        let error = #expect(throws: ConfigurationErrors.self) { try settings.resolved() }
        for word in words { #expect("\(error!)".contains(word), "\(error!)") }
    }

    @Test func aMissingFileIsTold() {
        let error = #expect(throws: ConfigurationErrors.self) { try SettingsFile.read("/nowhere/a.yaml") }
        #expect("\(error!)".contains("/nowhere/a.yaml"))
    }

    @Test func flagsWinOverTheFile() throws {
        let file = try SettingsFile.parse("gateway: true\nsip: udp:127.0.0.1:5060\nlog: debug", name: "a.yaml")
        var reader = SettingsReader()
        reader.set(.gateway, to: "false", at: "--gateway")
        reader.set(.sip, to: "tcp:127.0.0.1:5070", at: "--sip")
        reader.set(.strangers, to: "allow", at: "--strangers")
        let settings = file.overridden(by: try reader.result())
        #expect(settings.isGateway == false)
        #expect(settings.sipListeners?.map(\.transport) == [.tcp])
        #expect(settings.log == .debug)
        let configuration = try settings.resolved()
        #expect(configuration.strangers == .allow && configuration.colleagues == .allow)
        #expect(try NodeSettings().resolved().strangers == .confirm)
    }

    @Test func aPlainNodeListensOnLoopbackUnlessToldOtherwise() throws {
        var settings = NodeSettings()
        #expect(try settings.resolved().sipListeners == NodeSettings.defaultListeners)
        #expect(!settings.namesListeners)
        settings.sipListeners = []
        #expect(try settings.resolved().sipListeners.isEmpty)
    }

    @Test func aGatewayMustNameItsListeners() {
        var settings = NodeSettings()
        settings.isGateway = true
        let error = #expect(throws: ConfigurationErrors.self) { try settings.resolved() }
        #expect("\(error!)".contains("--sip udp:ADDRESS:5060"))
    }

    /// Settings that are right each by itself, and what the message about them must say.
    @Test(
        arguments: [
            ("gateway: false\nxcap: 127.0.0.1:8080", ["xcap: only a gateway", "--gateway"]),
            ("gateway: true\nxcap-root: http://a.org", ["xcap-root: there is no XCAP server", "--xcap ADDRESS:PORT"]),
            (
                "gateway: true\nxcap: 127.0.0.1:8443\nxcap-certificate: a.pem",
                ["xcap-certificate: HTTPS", "--xcap-key FILE"]
            ),
            ("gateway: true\nxcap: 127.0.0.1:8443\nxcap-key: a.pem", ["xcap-key: HTTPS", "--xcap-certificate FILE"]),
            (
                "gateway: true\nxcap: 0.0.0.0:8080",
                ["xcap: 0.0.0.0:8080 names no address", "--xcap-root http://HOST:8080"]
            ),
        ] as [(String, [String])])
    func settingsOfXCAPMustFitTogether(text: String, words: [String]) throws {
        let settings = try SettingsFile.parse("sip: udp:127.0.0.1:5060\n\(text)", name: "a.yaml")
        let error = #expect(throws: ConfigurationErrors.self) { try settings.resolved() }
        #expect(error?.errors.count == 1)
        for word in words { #expect("\(error!)".contains(word), "\(error!)") }
    }

    @Test(
        arguments: [
            ("192.0.2.1:8080", nil, nil, "http://192.0.2.1:8080/xcap-root"),
            ("[2001:db8::1]:8443", "a.pem", nil, "https://[2001:db8::1]:8443/xcap-root"),
            ("0.0.0.0:8443", "a.pem", "https://xcap.example.org/root", "https://xcap.example.org/root"),
        ] as [(String, String?, String?, String)])
    func theXCAPRootFollowsFromTheAddress(address: String, file: String?, root: String?, told: String) throws {
        var settings = NodeSettings()
        settings.isGateway = true
        settings.sipListeners = NodeSettings.defaultListeners
        settings.xcap = Endpoint(address)
        settings.xcapCertificate = file
        settings.xcapKey = file
        settings.xcapRoot = root
        _ = try settings.resolved()
        #expect(settings.xcapListener?.root == told)
    }
}
