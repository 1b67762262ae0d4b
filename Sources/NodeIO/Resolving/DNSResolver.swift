import CResolver
import NIOCore
import Primitives
import SIPStack

/// Asks name servers, through c-ares. Lives on one event loop: nothing of it blocks, and every call is made there.
package final class DNSResolver {
    /// One question on its way, held by the library until it is answered.
    private final class Question {
        let question: DNSQuestion
        unowned let resolver: DNSResolver

        init(_ question: DNSQuestion, of resolver: DNSResolver) {
            self.question = question
            self.resolver = resolver
        }
    }

    /// How often the sockets are looked at, only while questions wait: SwiftNIO can't watch the sockets of others, and
    /// with answers kept for as long as they may be this is seldom.
    private static let interval = TimeAmount.milliseconds(2)
    /// Questions under way; beyond these an answer is taken for not to be had.
    private static let maximumQuestions = 1_024

    private let eventLoop: any EventLoop
    private let answered: (DNSQuestion, DNSAnswer) -> Void
    private var library: OpaquePointer?
    private var count = 0
    private var timer: Scheduled<Void>?
    /// Calls into the library that have not returned: within them it must not be taken down.
    private var depth = 0
    private var isClosed = false

    /// - Parameters:
    ///   - server: the one to ask; nil for those that the system names.
    ///   - answered: told the answer to each question.
    /// - Throws: ``NodeFailure`` when the library can't begin.
    package init(
        on eventLoop: any EventLoop, asking server: Endpoint?,
        answered: @escaping (DNSQuestion, DNSAnswer) -> Void
    ) throws {
        self.eventLoop = eventLoop
        self.answered = answered
        library = server.map { starling_resolver_open("\($0)") } ?? starling_resolver_open(nil)
        guard library != nil else { throw NodeFailure("the resolver of names could not be started") }
    }

    /// Asks; the answer comes later, or at once when it is a failure.
    package func ask(_ question: DNSQuestion) {
        guard !isClosed, count < Self.maximumQuestions else { return answered(question, .failure) }
        count += 1
        // Released by `answer`, which the library calls exactly once.
        let context = Unmanaged.passRetained(Question(question, of: self)).toOpaque()
        withLibrary {
            starling_resolver_ask($0, question.name, Int32(question.type.rawValue), Self.answer, context)
        }
        setTimer()
    }

    private func setTimer() {
        guard count > 0, timer == nil, !isClosed else { return }
        timer = eventLoop.assumeIsolated().scheduleTask(in: Self.interval) { [weak self] () -> Void in
            self?.process()
        }
    }

    /// Unsafe only in that the context is a pointer: it is the one that ``ask(_:)`` gave, and on the same thread.
    private static let answer: starling_answer = { context, message, count in
        guard let context else { return }
        let asked = Unmanaged<Question>.fromOpaque(context).takeRetainedValue()
        let bytes = message.map { Array(UnsafeBufferPointer(start: $0, count: count)) }
        asked.resolver.receive(bytes, to: asked.question)
    }

    private func receive(_ message: [UInt8]?, to question: DNSQuestion) {
        count -= 1
        guard !isClosed else { return }
        answered(question, message.map { DNSAnswer(message: $0, to: question) } ?? .failure)
    }

    private func process() {
        timer = nil
        withLibrary { starling_resolver_process($0) }
        setTimer()
    }

    private func withLibrary(_ body: (OpaquePointer) -> Void) {
        guard let library else { return }
        depth += 1
        body(library)
        depth -= 1
        if isClosed { close() }
    }

    /// Nothing is answered any more. To be called before the last reference goes.
    package func close() {
        isClosed = true
        timer?.cancel()
        timer = nil
        guard depth == 0, let library else { return }
        self.library = nil
        starling_resolver_close(library)
    }
}
