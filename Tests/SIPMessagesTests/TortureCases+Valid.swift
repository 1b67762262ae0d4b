import SIPMessages

/// RFC 4475 §3.1.1: messages that are odd and well formed.
extension TortureCase {
    static let sdp =
        "v=0\r\no=ann 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"

    static let valid: [TortureCase] = [
        TortureCase(
            "wsinv: folds and white space everywhere",
            "INVITE sip:ben@torture.example;novelty SIP/2.0\r\nTO :\r\n sip:ben@torture.example ;  tag   = t0\r\n"
                + "from   : \"A \\\\\\\"nn\"     <sip:ann@torture.example>\r\n  ;\r\n  tag = f0\r\nmAX-fORWARDS: 0042\r\n"
                + "Call-ID: own.ws@192.0.2.1\r\nContent-Length   : 3\r\ncseq: 0011\r\n  INVITE\r\n"
                + "Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.9;branch=old\r\ns :\r\nOdd:   one\r\n two\r\n"
                + "OddValue: ;;,,;;,;\r\nRoute:\r\n <sip:p.torture.example;lr;a=b;c>\r\n"
                + "v:  SIP  / 2.0  / TCP     h1.torture.example   ;\r\n  branch  =   z9hG4bK1  ,\r\n"
                + " SIP  /    2.0   / UDP  192.0.2.10   ; branch=\r\n z9hG4bK2\r\n"
                + "m:\"Q \\\"\\\"\" <sip:ann@torture.example> ; new =\r\n      value ;\r\n  flag ; q = 0.33\r\n\r\nabc",
            .accepted
        ) {
            let vias = try $0.vias
            return try $0.maxForwards == 42 && $0.cseq == CSeq(11, .invite) && $0.to.tag == "t0" && vias.count == 3
                && $0.from.displayName == "A \\\"nn" && vias[2].branch == "z9hG4bK2"
                && vias[1].host == "h1.torture.example"
                && $0.contacts[0].q == 330 && $0.value("oddvalue")?.string == ";;,,;;,;"
                && $0.value(.subject)?.string == ""
                && $0.value("odd")?.string == "one two" && $0.topRoute?.uri.isLooseRouter == true && $0.body.count == 3
        },
        TortureCase(
            "intmeth: every character that a token, a word or a user may have",
            request(
                "!Strange-Method_*+`.%real'~ sip:u_1.~(a-b!c)&d'e+f$/g?,/;;*:&h=1,i!*j$k~l_m.(n'o)@torture.example SIP/2.0",
                [
                    "Via": "SIP/2.0/TCP h.torture.example;branch=z9hG4bK-.!%66*_+`'~",
                    "To":
                        "\"BEL:\\\u{07} NUL:\\\u{00} DEL:\\\u{7F}\" <sip:u_1.~(a-b!c)&d'e+f$/g?,/;;*@torture.example>",
                    "From":
                        "t1~` t2'+_ t3*%!.- <sip:plain@torture.example>;p''~+*_!.-%=\"\u{440}\u{430}\";tag=_t~1'+`*%!-.",
                    "Call-ID": "own.w%ZK-!.*_+'@w`~)(><:\\/\"][?}{", "Max-Forwards": "255",
                    "extension-!.%*+_`'~": "\u{FEFF}\u{5927}", "Content-Length": "0",
                ]), .accepted
        ) {
            try $0.method == .other("!Strange-Method_*+`.%real'~") && $0.from.tag == "_t~1'+`*%!-."
                && $0.from.displayName == "t1~` t2'+_ t3*%!.-" && $0.from.parameters["p''~+*_!.-%"] == "\u{440}\u{430}"
                && $0.to.displayName == "BEL:\u{07} NUL:\u{00} DEL:\u{7F}" && $0.requestURI?.host == "torture.example"
                && $0.requestURI?.password == "&h=1,i!*j$k~l_m.(n'o)"
        },
        TortureCase(
            "esc01: escapes where they are escapes",
            request(
                "INVITE sip:sips%3Aann%40torture.example@torture.test SIP/2.0",
                [
                    "To": "sip:%62e%6E@torture.example", "From": "<sip:some%20spaces@torture.example>;tag=9",
                    "Contact": "\r\n  <sip:c%6Cler@h.torture.example;%6C%72;n%61me=v%61lue%25%34%31>",
                ]), .accepted
        ) {
            let contact = try $0.contacts[0].uri
            return try $0.requestURI?.decodedUser == "sips:ann@torture.example"
                && $0.to.uri.addressOfRecord?.user == "ben"
                && $0.from.uri.decodedUser == "some spaces" && contact.isLooseRouter && contact.decodedUser == "cller"
                && contact.parameter("name") == "value%41"
        },
        TortureCase(
            "escnull: escaped zero bytes do not end a name",
            request(
                "REGISTER sip:torture.example SIP/2.0",
                [
                    "To": "sip:zero-%00-zero@torture.example", "Contact": "<sip:%00@h.torture.example>",
                    "contact": "<sip:%00%00@h.torture.example>",
                ]), .accepted
        ) {
            let contacts = try $0.contacts
            return try $0.to.uri.addressOfRecord?.user == "zero-%00-zero" && contacts.count == 2
                && !contacts[0].uri.isEquivalent(to: contacts[1].uri)
        },
        TortureCase(
            "esc02: a percent sign that is no escape",
            request(
                "RE%47IST%45R sip:torture.example SIP/2.0",
                [
                    "To": "\"%Z%45\" <sip:ben@torture.example>", "Contact": "<sip:one@h.torture.example>",
                    "C%6Fntact": "<sip:two@h.torture.example>", "m": "<sip:three@h.torture.example>",
                ]), .accepted
        ) {
            try $0.method == .other("RE%47IST%45R") && $0.to.displayName == "%Z%45" && $0.contacts.count == 2
        },
        TortureCase(
            "lwsdisp: no space before the angle bracket",
            request("OPTIONS sip:ben@torture.example SIP/2.0", ["From": "ann<sip:ann@torture.example>;tag=3"]),
            .accepted
        ) { try $0.from.displayName == "ann" && $0.from.uri.user == "ann" },
        TortureCase(
            "longreq: long values and many of them",
            request(
                "INVITE sip:ben@torture.example SIP/2.0",
                [
                    "To": "\"\(String(repeating: "very ", count: 40))long\" <sip:ben@torture.example:6000;p="
                        + String(repeating: "long", count: 60) + ";" + String(repeating: "name", count: 60) + ">",
                    "From":
                        "sip:\(String(repeating: "ann", count: 60))@torture.example;tag=\(String(repeating: "9", count: 300))",
                    "Call-ID": String(repeating: "longid", count: 60),
                    "v": (1...40).map { "SIP/2.0/TCP h\($0).torture.example" }.joined(separator: ", "),
                ]), .accepted
        ) { try $0.vias.count == 41 && $0.vias[40].host == "h40.torture.example" && $0.from.tag?.count == 300 },
        TortureCase(
            "dblreq: octets behind the body are noise",
            request("REGISTER sip:torture.example SIP/2.0", ["Content-Length": "0"])
                + request("INVITE sip:eve@torture.example SIP/2.0"), .accepted
        ) { $0.body.isEmpty && !$0.text.contains("INVITE") && $0.method == .register },
        TortureCase(
            "semiuri: a parameter inside the user part",
            request("OPTIONS sip:ben;mode=u%40torture.test@torture.example SIP/2.0"), .accepted
        ) { $0.requestURI?.decodedUser == "ben;mode=u@torture.test" && $0.requestURI?.parameters.isEmpty == true },
        TortureCase(
            "transports: known and unknown ones",
            request(
                "OPTIONS sip:ben@torture.example SIP/2.0",
                ["v": "SIP/2.0/SCTP b.torture.example;branch=z9hG4bKb", "VIA": "SIP/2.0/NOVEL c.torture.example"]),
            .accepted
        ) { try $0.vias.map(\.transportName) == ["UDP", "SCTP", "NOVEL"] && $0.vias[2].transport == nil },
        TortureCase(
            "mpart01: a binary body with zero bytes",
            Array(
                request(
                    "MESSAGE sip:ben@torture.example SIP/2.0",
                    ["Content-Type": "multipart/mixed;boundary=cut", "Content-Length": "23"]
                ).utf8) + Array("--cut\r\n\r\n".utf8) + [0, 0x30, 0x82, 0, 0xFF] + Array("\r\n--cut--".utf8), .accepted
        ) { try $0.contentType?.parameters["boundary"] == "cut" && $0.body.count == 23 && $0.body.contains(0) },
        TortureCase(
            "unreason: a reason phrase of any characters",
            response("SIP/2.0 200 = 2**3 * 5**2 \u{43D}\u{435} \u{441}\u{442}\u{43E}"), .accepted
        ) { $0.statusCode == 200 && $0.reasonPhrase.hasSuffix("\u{441}\u{442}\u{43E}") },
        TortureCase("noreason: an empty reason phrase", response("SIP/2.0 100 "), .accepted) {
            $0.statusCode == 100 && $0.reasonPhrase.isEmpty
        },
    ]
}
