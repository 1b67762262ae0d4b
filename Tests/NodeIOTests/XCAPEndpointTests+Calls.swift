import NIOCore
import NIOPosix
import NodeIO
import OverlayNode
import Primitives
import Testing

extension XCAPEndpointTests {
    /// Requests that wait for the node's answer.
    @Suite struct Calls {
        private static let call = XCAPCall(method: "GET", path: "/a", target: "/xcap-root/a", remote: .loopback)

        private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

        private func limits(_ set: (inout XCAPEndpointLimits) -> Void) -> XCAPEndpointLimits {
            var limits = XCAPEndpointLimits()
            limits.answerTime = .minutes(2)
            set(&limits)
            return limits
        }

        /// Runs `body` on the event loop with calls that nobody answers, and awaits the answers it returns.
        private func answers(
            _ limits: XCAPEndpointLimits, _ body: @escaping @Sendable (XCAPCalls) -> [EventLoopFuture<XCAPAnswer>]
        ) async throws -> [Int] {
            let eventLoop = eventLoop
            return try await eventLoop.flatSubmit {
                let calls = XCAPCalls(on: eventLoop, limits: limits) { _, _ in }
                let held = NIOLoopBound(calls, eventLoop: eventLoop)
                return EventLoopFuture.whenAllSucceed(body(calls), on: eventLoop).map { answers in
                    withExtendedLifetime(held) { answers.map(\.status) }
                }
            }.get()
        }

        @Test func eachGetsItsOwnAnswerOnce() async throws {
            let statuses = try await answers(limits { _ in }) { calls in
                let futures = (0..<3).map { _ in calls.begin(Self.call) }
                calls.answer(XCAPCallID(2), with: XCAPAnswer(status: 202))
                calls.answer(XCAPCallID(2), with: XCAPAnswer(status: 500))
                calls.answer(XCAPCallID(9), with: XCAPAnswer(status: 500))
                calls.answer(XCAPCallID(1), with: XCAPAnswer(status: 201))
                calls.answer(XCAPCallID(3), with: XCAPAnswer(status: 203))
                calls.stop()
                return futures
            }
            #expect(statuses == [201, 202, 203])
        }

        @Test func beyondTheLimitTheAnswerIsToComeBack() async throws {
            let statuses = try await answers(limits { $0.calls = 2 }) { calls in
                let futures = (0..<3).map { _ in calls.begin(Self.call) }
                calls.answer(XCAPCallID(1), with: XCAPAnswer(status: 200))
                let next = calls.begin(Self.call)
                calls.answer(XCAPCallID(2), with: XCAPAnswer(status: 200))
                calls.answer(XCAPCallID(3), with: XCAPAnswer(status: 201))
                return futures + [next]
            }
            #expect(statuses == [200, 200, 503, 201])
        }

        @Test func stoppingAnswersAll() async throws {
            let statuses = try await answers(limits { _ in }) { calls in
                let waiting = calls.begin(Self.call)
                calls.stop()
                return [waiting, calls.begin(Self.call)]
            }
            #expect(statuses == [503, 503])
        }

        @Test func aNodeThatDoesNotAnswerIsNotWaitedForLong() async throws {
            let eventLoop = eventLoop
            let limits = limits { $0.answerTime = .milliseconds(50) }
            let calls = try await eventLoop.submit {
                NIOLoopBound(XCAPCalls(on: eventLoop, limits: limits) { _, _ in }, eventLoop: eventLoop)
            }.get()
            let probe = try await XCAPProbe { call in
                let answer = try? await eventLoop.flatSubmit { calls.value.begin(call) }.get()
                return answer ?? XCAPAnswer(status: 500)
            }
            let response = await (try probe.connect()).request("GET /xcap-root/a")
            #expect(response?.status == 503)
            #expect(response?.fields["retry-after"] == "10")
        }
    }
}
