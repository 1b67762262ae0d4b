import Primitives
import SIPStack

/// What a name server would say, written as in a zone file: `example.org SRV 10 60 5060 a.example.org`.
struct Zone {
    private var answers: [DNSQuestion: DNSAnswer] = [:]
    /// Questions that nobody answers.
    var unanswered: Set<DNSQuestion> = []
    /// For how long answers may be kept.
    var lifetime = Interval.seconds(600)

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 2 else { continue }
            let record: DNSRecord
            let type: DNSRecordType
            switch words[1] {
            case "A", "AAAA":
                type = words[1] == "A" ? .a : .aaaa
                record = .address(IPAddress(words[2])!)
            case "SRV":
                type = .srv
                record = .service(
                    priority: UInt16(words[2])!, weight: UInt16(words[3])!, port: UInt16(words[4])!,
                    target: words[5] == "." ? "" : words[5])
            default:
                type = .naptr
                record = .namingAuthority(
                    order: UInt16(words[2])!, preference: UInt16(words[3])!, flags: words[4], service: words[5],
                    replacement: words[6])
            }
            answers[DNSQuestion(words[0], type), default: DNSAnswer([], lifetime: lifetime)].records.append(record)
        }
    }

    func answer(to question: DNSQuestion) -> DNSAnswer {
        if unanswered.contains(question) { return .failure }
        return answers[question] ?? DNSAnswer([], lifetime: .seconds(30))
    }
}
