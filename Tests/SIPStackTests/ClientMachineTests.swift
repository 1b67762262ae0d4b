import Primitives
import SIPStack
import Testing

private typealias Invite = InviteClientMachine
private typealias NonInvite = NonInviteClientMachine

/// One step of a table: an event at a time in milliseconds, what it makes the machine say, and the state after it.
struct MachineStep<Event: Sendable, Output: Sendable, State: Sendable>: Sendable {
    var time: Int
    var event: Event
    var outputs: [Output]
    var state: State

    init(_ time: Int, _ event: Event, _ outputs: [Output], _ state: State) {
        self.time = time
        self.event = event
        self.outputs = outputs
        self.state = state
    }
}

let epoch = Instant(secondsSince1970: 1_000_000)

func at(_ milliseconds: Int) -> Instant { epoch + .milliseconds(milliseconds) }

@Suite struct ClientMachineTests {
    private typealias InviteStep = MachineStep<Invite.Event, Invite.Output, Invite.State>
    private typealias NonInviteStep = MachineStep<NonInvite.Event, NonInvite.Output, NonInvite.State>

    private func run(_ isReliable: Bool, _ steps: [InviteStep], sourceLocation: SourceLocation = #_sourceLocation) {
        var machine = Invite(isReliable: isReliable, timers: TransactionTimers())
        for step in steps {
            if case .wake = step.event {
                #expect(machine.nextDeadline == at(step.time), "deadline", sourceLocation: sourceLocation)
            }
            var outputs: [Invite.Output] = []
            machine.handle(step.event, at: at(step.time), into: &outputs)
            #expect(outputs == step.outputs, "at \(step.time)", sourceLocation: sourceLocation)
            #expect(machine.state == step.state, "at \(step.time)", sourceLocation: sourceLocation)
        }
        if machine.state == .terminated { #expect(machine.nextDeadline == nil) }
    }

    private func run(
        _ isReliable: Bool, _ steps: [NonInviteStep], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var machine = NonInvite(isReliable: isReliable, timers: TransactionTimers())
        for step in steps {
            if case .wake = step.event {
                #expect(machine.nextDeadline == at(step.time), "deadline", sourceLocation: sourceLocation)
            }
            var outputs: [NonInvite.Output] = []
            machine.handle(step.event, at: at(step.time), into: &outputs)
            #expect(outputs == step.outputs, "at \(step.time)", sourceLocation: sourceLocation)
            #expect(machine.state == step.state, "at \(step.time)", sourceLocation: sourceLocation)
        }
        if machine.state == .terminated { #expect(machine.nextDeadline == nil) }
    }

    @Test func inviteRetransmitsByTimerAUntilTimerB() {
        run(
            false,
            [
                InviteStep(0, .start, [.sendRequest], .calling),
                InviteStep(500, .wake, [.sendRequest], .calling),
                InviteStep(1_500, .wake, [.sendRequest], .calling),
                InviteStep(3_500, .wake, [.sendRequest], .calling),
                InviteStep(7_500, .wake, [.sendRequest], .calling),
                InviteStep(15_500, .wake, [.sendRequest], .calling),
                InviteStep(31_500, .wake, [.sendRequest], .calling),
                InviteStep(32_000, .wake, [.timedOut, .terminated], .terminated),
            ])
    }

    @Test func inviteOverStreamsIsSentOnce() {
        run(
            true,
            [
                InviteStep(0, .start, [.sendRequest], .calling),
                InviteStep(32_000, .wake, [.timedOut, .terminated], .terminated),
            ])
    }

    @Test func provisionalResponseStopsTimersAAndB() {
        run(
            false,
            [
                InviteStep(0, .start, [.sendRequest], .calling),
                InviteStep(100, .response(100), [.passResponse], .proceeding),
                InviteStep(200, .response(180), [.passResponse], .proceeding),
                InviteStep(60_000, .response(200), [.passResponse], .accepted),
                InviteStep(60_100, .response(200), [.passResponse], .accepted),
                InviteStep(60_200, .response(486), [], .accepted),
                InviteStep(92_000, .wake, [.terminated], .terminated),
            ])
    }

    @Test func rejectionIsAcknowledgedAndAbsorbedByTimerD() {
        run(
            false,
            [
                InviteStep(0, .start, [.sendRequest], .calling),
                InviteStep(100, .response(486), [.passResponse, .sendACK], .completed),
                InviteStep(700, .response(486), [.sendACK], .completed),
                InviteStep(800, .response(200), [], .completed),
                InviteStep(900, .response(180), [], .completed),
                InviteStep(950, .transportFailed, [], .completed),
                InviteStep(32_100, .wake, [.terminated], .terminated),
            ])
    }

    @Test func rejectionOverStreamsEndsAtOnce() {
        run(
            true,
            [
                InviteStep(0, .start, [.sendRequest], .calling),
                InviteStep(100, .response(603), [.passResponse, .sendACK, .terminated], .terminated),
            ])
    }

    @Test func transportFailureReachesTheUser() {
        run(
            false,
            [
                InviteStep(0, .start, [.sendRequest], .calling),
                InviteStep(1, .transportFailed, [.failed, .terminated], .terminated),
            ])
    }

    @Test func unansweredCancelEndsTheInvite() {
        run(
            false,
            [
                InviteStep(0, .start, [.sendRequest], .calling),
                InviteStep(100, .response(180), [.passResponse], .proceeding),
                InviteStep(1_000, .cancelled, [], .proceeding),
                InviteStep(2_000, .response(180), [.passResponse], .proceeding),
                InviteStep(33_000, .wake, [.timedOut, .terminated], .terminated),
            ])
    }

    @Test func nonInviteRetransmitsByTimerEUpToT2() {
        run(
            false,
            [
                NonInviteStep(0, .start, [.sendRequest], .trying),
                NonInviteStep(500, .wake, [.sendRequest], .trying),
                NonInviteStep(1_500, .wake, [.sendRequest], .trying),
                NonInviteStep(3_500, .wake, [.sendRequest], .trying),
                NonInviteStep(7_500, .wake, [.sendRequest], .trying),
                NonInviteStep(11_500, .wake, [.sendRequest], .trying),
                NonInviteStep(15_500, .wake, [.sendRequest], .trying),
                NonInviteStep(19_500, .wake, [.sendRequest], .trying),
                NonInviteStep(23_500, .wake, [.sendRequest], .trying),
                NonInviteStep(27_500, .wake, [.sendRequest], .trying),
                NonInviteStep(31_500, .wake, [.sendRequest], .trying),
                NonInviteStep(32_000, .wake, [.timedOut, .terminated], .terminated),
            ])
    }

    @Test func nonInviteInProceedingRetransmitsEveryT2() {
        run(
            false,
            [
                NonInviteStep(0, .start, [.sendRequest], .trying),
                NonInviteStep(100, .response(100), [.passResponse], .proceeding),
                NonInviteStep(500, .wake, [.sendRequest], .proceeding),
                NonInviteStep(4_500, .wake, [.sendRequest], .proceeding),
                NonInviteStep(5_000, .response(200), [.passResponse], .completed),
                NonInviteStep(5_100, .response(200), [], .completed),
                NonInviteStep(10_000, .wake, [.terminated], .terminated),
            ])
    }

    @Test func nonInviteOverStreams() {
        run(
            true,
            [
                NonInviteStep(0, .start, [.sendRequest], .trying),
                NonInviteStep(100, .response(404), [.passResponse, .terminated], .terminated),
            ])
        run(
            true,
            [
                NonInviteStep(0, .start, [.sendRequest], .trying),
                NonInviteStep(100, .transportFailed, [.failed, .terminated], .terminated),
            ])
    }
}
