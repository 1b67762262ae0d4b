import NIOCore
import OverlayNode

/// The XCAP requests that wait for the node's answer. Lives on the node's event loop.
///
/// Each is answered exactly once: by the node, when its time is up, or when all stops.
package final class XCAPCalls {
    private struct Waiting {
        let promise: EventLoopPromise<XCAPAnswer>
        let deadline: Scheduled<Void>
    }

    private let limits: XCAPEndpointLimits
    private let eventLoop: any EventLoop
    private let handle: (XCAPCallID, XCAPCall) -> Void
    private var waiting: [XCAPCallID: Waiting] = [:]
    private var lastCall: UInt64 = 0
    private var isStopped = false

    /// - Parameter handle: hands the node a request, which ``answer(_:with:)`` is to name again; may answer at once.
    package init(
        on eventLoop: any EventLoop, limits: XCAPEndpointLimits = .init(),
        handle: @escaping (XCAPCallID, XCAPCall) -> Void
    ) {
        self.eventLoop = eventLoop
        self.limits = limits
        self.handle = handle
    }

    /// Hands the node a request.
    ///
    /// - Returns: its answer, or 503 when too many requests wait, when the node takes too long, or when it stops.
    package func begin(_ call: XCAPCall) -> EventLoopFuture<XCAPAnswer> {
        guard !isStopped, waiting.count < limits.calls else { return eventLoop.makeSucceededFuture(.unavailable) }
        lastCall += 1
        let id = XCAPCallID(lastCall)
        let promise = eventLoop.makePromise(of: XCAPAnswer.self)
        let deadline = eventLoop.assumeIsolated().scheduleTask(in: limits.answerTime) { [weak self] () -> Void in
            self?.answer(id, with: .unavailable)
        }
        waiting[id] = Waiting(promise: promise, deadline: deadline)
        handle(id, call)
        return promise.futureResult
    }

    /// Passes the node's answer on; nothing happens when nobody waits for it any more.
    package func answer(_ id: XCAPCallID, with answer: XCAPAnswer) {
        guard let call = waiting.removeValue(forKey: id) else { return }
        call.deadline.cancel()
        call.promise.succeed(answer)
    }

    /// Answers all that wait with 503, and whatever is still to come.
    package func stop() {
        isStopped = true
        for id in Array(waiting.keys) { answer(id, with: .unavailable) }
    }
}
