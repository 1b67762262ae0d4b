import NIOCore
import NIOPosix
import NodeIO
import Primitives
import SIPStack
import Testing

/// Asking name servers. What they say is tested end to end, with a real one.
@Suite(.timeLimit(.minutes(1))) struct DNSResolverTests {
    /// Asks one server and returns what comes.
    private func answers(to names: [String], from server: Endpoint) async throws -> [DNSAnswer] {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let (stream, continuation) = AsyncStream<DNSAnswer>.makeStream()
        let resolver = try await eventLoop.submit {
            let resolver = try DNSResolver(on: eventLoop, asking: server) { _, answer in continuation.yield(answer) }
            for name in names { resolver.ask(DNSQuestion(name, .a)) }
            return NIOLoopBound(resolver, eventLoop: eventLoop)
        }.get()
        var answers: [DNSAnswer] = []
        for await answer in stream {
            answers.append(answer)
            if answers.count == names.count { break }
        }
        try await eventLoop.submit { resolver.value.close() }.get()
        return answers
    }

    @Test func whereNobodyAnswersThatIsSaid() async throws {
        let answers = try await answers(to: ["a.example", "b.example", ""], from: try DeafPort().endpoint)
        #expect(answers.count == 3 && answers.allSatisfy(\.isFailure))
    }

    /// What belongs to no name of a host is asked of nobody.
    @Test func aNameThatIsNoneFails() async throws {
        let name = String(repeating: "a", count: 64) + ".example"
        let answers = try await answers(to: [name], from: try DeafPort().endpoint)
        #expect(answers.map(\.isFailure) == [true])
    }

    @Test func closingWhileAQuestionWaitsIsHarmless() async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        try await eventLoop.submit {
            var count = 0
            let server = try DeafPort().endpoint
            let resolver = try DNSResolver(on: eventLoop, asking: server) { _, _ in count += 1 }
            resolver.ask(DNSQuestion("a.example", .a))
            resolver.close()
            resolver.ask(DNSQuestion("b.example", .a))
            #expect(count == 1)
        }.get()
    }
}
