import Primitives
import SIPMessages

/// RFC 5118 §4: IPv6 addresses in SIP messages.
extension TortureCase {
    static let ipv6: [TortureCase] = [
        TortureCase(
            "4.1: IPv6 references in all places",
            request(
                "REGISTER sip:[2001:db8::77] SIP/2.0",
                ["Via": "SIP/2.0/UDP [2001:db8::7:1];branch=z9hG4bK6", "Contact": "\"Ann\" <sip:ann@[2001:db8::7]>"]),
            .accepted
        ) {
            try $0.requestURI?.hostAddress == IPAddress("2001:db8::77") && $0.topVia.host == "[2001:db8::7:1]"
                && $0.contacts[0].uri.hostAddress == IPAddress("2001:db8::7")
        },
        TortureCase("4.2: no brackets", request("REGISTER sip:2001:db8::77 SIP/2.0"), .refused(400)),
        TortureCase(
            "4.3: a port inside the brackets is part of the address",
            request("REGISTER sip:[2001:db8::77:5070] SIP/2.0"),
            .accepted
        ) { $0.requestURI?.port == nil && $0.requestURI?.hostAddress == IPAddress("2001:db8::77:5070") },
        TortureCase("4.4: a port behind the brackets", request("REGISTER sip:[2001:db8::77]:5070 SIP/2.0"), .accepted) {
            $0.requestURI?.port == 5070 && $0.requestURI?.hostAddress == IPAddress("2001:db8::77")
        },
        TortureCase(
            "4.5: received with brackets",
            request(
                "BYE sip:[2001:db8::77] SIP/2.0",
                ["Via": "SIP/2.0/UDP [2001:db8::7:1];received=[2001:db8::7:ff];branch=z9hG4bK6"]),
            .accepted
        ) { try $0.topVia.received == IPAddress("2001:db8::7:ff") && $0.topVia.branch == "z9hG4bK6" },
        TortureCase(
            "4.5: received without brackets",
            request(
                "OPTIONS sip:[2001:db8::77] SIP/2.0",
                ["Via": "SIP/2.0/UDP [2001:db8::7:1];received=2001:db8::7:ff;branch=z9hG4bK6"]),
            .accepted
        ) { try $0.topVia.received == IPAddress("2001:db8::7:ff") && $0.topVia.branch == "z9hG4bK6" },
        TortureCase(
            "4.6: addresses in the body",
            request(
                "INVITE sip:ben@[2001:db8::77] SIP/2.0", ["Content-Type": "application/sdp", "Content-Length": "24"],
                body: "c=IN IP6 2001:db8::7\r\n\r\n"), .accepted
        ) { $0.body.count == 24 },
        TortureCase(
            "4.7: addresses of both kinds",
            request(
                "BYE sip:ben@torture.example SIP/2.0",
                [
                    "Via": "SIP/2.0/UDP [2001:db8::7:1]:6050;branch=z9hG4bK6",
                    "v": "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK4",
                    "VIA": "SIP/2.0/TCP [2001:db8::7:ff];branch=z9hG4bK7;received=192.0.2.200",
                ]), .accepted
        ) { try $0.vias.map(\.port) == [6050, nil, nil] && $0.vias[2].received == IPAddress("192.0.2.200") },
        TortureCase(
            "4.8: addresses of both kinds in the body",
            request(
                "INVITE sip:ben@[2001:db8::77] SIP/2.0", ["Content-Length": "44"],
                body: "c=IN IP4 192.0.2.1\r\nm=x\r\nc=IN IP6 2001::1\r\n\r\n"), .accepted
        ) { $0.body.count == 44 },
        TortureCase(
            "4.9: IPv4 in IPv6",
            request(
                "INVITE sip:ben@torture.example SIP/2.0",
                [
                    "Via": "SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bK6",
                    "Contact": "<sip:ann@[::ffff:192.0.2.2]>",
                ]), .accepted
        ) {
            try $0.topVia.port == 19823 && $0.contacts[0].uri.hostAddress == IPAddress("192.0.2.2")
                && IPAddress($0.topVia.host) == IPAddress("192.0.2.10")
        },
        TortureCase("4.10: three colons are two", request("OPTIONS sip:ben@[2001:db8:::192.0.2.1] SIP/2.0"), .accepted)
        {
            $0.requestURI?.description == "sip:ben@[2001:db8::192.0.2.1]"
        },
        TortureCase("4.10: two colons", request("OPTIONS sip:ben@[2001:db8::192.0.2.1] SIP/2.0"), .accepted) {
            $0.requestURI?.hostAddress == IPAddress("2001:db8::192.0.2.1")
        },
    ]
}
