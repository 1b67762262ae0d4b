import SIPMessages

/// RFC 4475 §3.2 to §3.4: messages that are well formed and mean something odd.
extension TortureCase {
    static let semantics: [TortureCase] = [
        TortureCase(
            "badbranch: the cookie and no identifier",
            request("OPTIONS sip:ben@torture.example SIP/2.0", ["Via": "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"]),
            .accepted
        ) { try !$0.topVia.hasUniqueBranch },
        TortureCase(
            "insuf: neither Call-ID nor From nor To",
            request("INVITE sip:ben@torture.example SIP/2.0", ["Call-ID": nil, "From": nil, "To": nil]), .refused(400)),
        TortureCase("unkscm: a scheme that nobody knows", request("OPTIONS novelty:some-thing SIP/2.0"), .refused(416)),
        TortureCase(
            "novelsc: a scheme that is not SIP's", request("OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0"),
            .refused(416)),
        TortureCase(
            "unksm2: other schemes in header fields",
            request(
                "REGISTER sip:torture.example SIP/2.0",
                ["To": "isbn:2983792873", "From": "<http://torture.example>;tag=3", "Contact": "<name:Ann>"]), .accepted
        ) { try $0.to.uri.scheme == .other("isbn") && $0.to.uri.addressOfRecord == nil && $0.from.tag == "3" },
        TortureCase(
            "bext01: extensions that nobody has",
            request(
                "OPTIONS sip:ben@torture.example SIP/2.0",
                ["Require": "novel1, novel2", "Proxy-Require": "novel3, novel4"]), .accepted
        ) {
            let asProxy = $0.extensionFault(.proxyRequire, understood: ["path"])
            let asServer = $0.extensionFault(.require, understood: ["Novel1"])
            return asProxy?.status == 420 && asProxy?.headers.first?.value == "novel3, novel4"
                && asServer?.headers.first?.value == "novel2"
        },
        TortureCase(
            "invut: a body of an unknown type",
            request(
                "INVITE sip:ben@torture.example SIP/2.0",
                ["Content-Type": "application/novelty", "Content-Length": "4"],
                body: "<a/>"), .accepted
        ) { try $0.contentType?.essence == "application/novelty" },
        TortureCase(
            "regaut01: credentials of an unknown scheme",
            request(
                "REGISTER sip:torture.example SIP/2.0",
                ["Authorization": "NoveltyScheme data=here", "Content-Length": "0"]),
            .accepted
        ) { try $0.authorization.first?.scheme == "NoveltyScheme" && $0.authorization.first?.isDigest == false },
        TortureCase(
            "multi01: several values where there is one",
            request(
                "INVITE sip:ben@torture.example SIP/2.0",
                [
                    "CSEQ": "59 INVITE", "CALL-ID": "other", "FROM": "sip:x@torture.example;tag=1",
                    "t": "sip:y@torture.example",
                ]),
            .refused(400)),
        TortureCase(
            "mcl01: lengths that contradict each other",
            request(
                "OPTIONS sip:ben@torture.example SIP/2.0", ["Content-Length": "13", "l": "5"],
                body: "who knows how many octets there ought to be"), .refused(400)),
        TortureCase(
            "bcast: a response that is to go to everybody",
            response("SIP/2.0 200 OK", ["v": "SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKall"]), .dropped),
        TortureCase(
            "zeromf: no more hops", request("OPTIONS sip:ben@torture.example SIP/2.0", ["Max-Forwards": "0"]), .accepted
        ) { try $0.maxForwards == 0 },
        TortureCase(
            "cparam01: a parameter of the Contact",
            request("REGISTER sip:torture.example SIP/2.0", ["Contact": "sip:+1972555@gw.torture.example;novelty"]),
            .accepted
        ) { try $0.contacts[0].address.parameters.contains("novelty") && $0.contacts[0].uri.parameters.isEmpty },
        TortureCase(
            "cparam02: a parameter of the URI",
            request("REGISTER sip:torture.example SIP/2.0", ["Contact": "<sip:+1972555@gw.torture.example;novelty>"]),
            .accepted
        ) { try $0.contacts[0].address.parameters.isEmpty && $0.contacts[0].uri.parameters.contains("novelty") },
        TortureCase(
            "regescrt: header fields in a Contact's URI",
            request(
                "REGISTER sip:torture.example SIP/2.0",
                ["Contact": "<sip:ann@torture.example?Route=%3Csip:torture.test%3E>"]),
            .accepted
        ) { try $0.contacts[0].uri.headers == [.init(name: "Route", value: "%3Csip:torture.test%3E")] },
        TortureCase(
            "sdp01: no type is accepted that could be sent",
            request("INVITE sip:ben@torture.example SIP/2.0", ["Accept": "text/novelty"], body: sdp), .accepted
        ) { try $0.accept?.contains { $0.accepts(MediaType("application", "sdp")) } == false },
        TortureCase(
            "inv2543: no branch, tag, length or Max-Forwards",
            request(
                "INVITE sip:ben@torture.example SIP/2.0",
                [
                    "Via": "SIP/2.0/UDP h.torture.example", "From": "<sip:+1303555@torture.example;user=phone>",
                    "Max-Forwards": nil, "To": "sip:+1650555@torture.example;user=phone",
                ], body: sdp), .accepted
        ) {
            try $0.topVia.branch == nil && $0.from.tag == nil && $0.contentLength == nil && $0.maxForwards == nil
                && Array($0.body) == Array(sdp.utf8) && $0.to.parameters["user"] == "phone"
        },
    ]
}
