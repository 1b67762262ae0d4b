import Primitives

/// Answers of the DNS for as long as they may be believed. Bounded: the one that would end first makes room.
struct DNSCache: Sendable {
    private let capacity: Int
    private var answers: [DNSQuestion: DNSAnswer] = [:]
    private var ends = DeadlineQueue<DNSQuestion>()

    init(capacity: Int) { self.capacity = capacity }

    func answer(to question: DNSQuestion, at now: Instant) -> DNSAnswer? {
        guard let end = ends[question], now < end else { return nil }
        return answers[question]
    }

    mutating func keep(_ answer: DNSAnswer, to question: DNSQuestion, at now: Instant) {
        while let ended = ends.popDue(at: now) { answers[ended] = nil }
        guard answer.lifetime > .zero else { return }
        if answers[question] == nil, answers.count >= capacity, let first = ends.popDue(at: .distantFuture) {
            answers[first] = nil
        }
        answers[question] = answer
        ends.set(question, to: now + answer.lifetime)
    }
}
