import Primitives
import SIPStack
import Testing

@Suite struct ServerMachineTests {
    private typealias InviteStep = MachineStep<
        InviteServerMachine.Event, InviteServerMachine.Output, InviteServerMachine.State
    >
    private typealias NonInviteStep = MachineStep<
        NonInviteServerMachine.Event, NonInviteServerMachine.Output, NonInviteServerMachine.State
    >

    private func run(_ isReliable: Bool, _ steps: [InviteStep], sourceLocation: SourceLocation = #_sourceLocation) {
        var machine = InviteServerMachine(isReliable: isReliable, timers: TransactionTimers())
        for step in steps {
            if case .wake = step.event {
                #expect(machine.nextDeadline == at(step.time), "deadline", sourceLocation: sourceLocation)
            }
            var outputs: [InviteServerMachine.Output] = []
            machine.handle(step.event, at: at(step.time), into: &outputs)
            #expect(outputs == step.outputs, "at \(step.time)", sourceLocation: sourceLocation)
            #expect(machine.state == step.state, "at \(step.time)", sourceLocation: sourceLocation)
        }
        if machine.state == .terminated { #expect(machine.nextDeadline == nil) }
    }

    private func run(
        _ isReliable: Bool, _ steps: [NonInviteStep], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var machine = NonInviteServerMachine(isReliable: isReliable, timers: TransactionTimers())
        for step in steps {
            if case .wake = step.event {
                #expect(machine.nextDeadline == at(step.time), "deadline", sourceLocation: sourceLocation)
            }
            var outputs: [NonInviteServerMachine.Output] = []
            machine.handle(step.event, at: at(step.time), into: &outputs)
            #expect(outputs == step.outputs, "at \(step.time)", sourceLocation: sourceLocation)
            #expect(machine.state == step.state, "at \(step.time)", sourceLocation: sourceLocation)
        }
        if machine.state == .terminated { #expect(machine.nextDeadline == nil) }
    }

    @Test func tryingAfter200Milliseconds() {
        run(
            false,
            [
                InviteStep(0, .start, [], .proceeding),
                InviteStep(200, .wake, [.sendTrying], .proceeding),
                InviteStep(500, .retransmission, [.repeatResponse], .proceeding),
                InviteStep(600, .respond(180), [.sendResponse], .proceeding),
                InviteStep(700, .retransmission, [.repeatResponse], .proceeding),
                InviteStep(800, .ack, [], .proceeding),
            ])
    }

    @Test func earlyRetransmissionGetsTheTryingAtOnce() {
        run(
            false,
            [
                InviteStep(0, .start, [], .proceeding),
                InviteStep(50, .retransmission, [.sendTrying], .proceeding),
            ])
    }

    @Test func earlyAnswerNeedsNoTrying() {
        run(
            true,
            [
                InviteStep(0, .start, [], .proceeding),
                InviteStep(50, .respond(404), [.sendResponse], .completed),
                InviteStep(100, .ack, [.terminated], .terminated),
            ])
    }

    @Test func rejectionIsRepeatedByTimerGUntilAcknowledged() {
        run(
            false,
            [
                InviteStep(0, .start, [], .proceeding),
                InviteStep(100, .respond(486), [.sendResponse], .completed),
                InviteStep(600, .wake, [.repeatResponse], .completed),
                InviteStep(1_600, .wake, [.repeatResponse], .completed),
                InviteStep(2_000, .retransmission, [.repeatResponse], .completed),
                InviteStep(2_100, .respond(487), [], .completed),
                InviteStep(3_600, .wake, [.repeatResponse], .completed),
                InviteStep(7_600, .wake, [.repeatResponse], .completed),
                InviteStep(8_000, .ack, [], .confirmed),
                InviteStep(8_100, .ack, [], .confirmed),
                InviteStep(8_200, .retransmission, [], .confirmed),
                InviteStep(13_000, .wake, [.terminated], .terminated),
            ])
    }

    @Test func timerHReportsTheMissingACK() {
        run(
            true,
            [
                InviteStep(0, .start, [], .proceeding),
                InviteStep(100, .respond(500), [.sendResponse], .completed),
                InviteStep(32_100, .wake, [.unacknowledged, .terminated], .terminated),
            ])
    }

    @Test func acceptedSwallowsInvitesAndPassesACKs() {
        run(
            false,
            [
                InviteStep(0, .start, [], .proceeding),
                InviteStep(100, .respond(200), [.sendResponse], .accepted),
                InviteStep(600, .retransmission, [], .accepted),
                InviteStep(700, .respond(200), [.sendResponse], .accepted),
                InviteStep(800, .ack, [.passACK], .accepted),
                InviteStep(900, .respond(486), [], .accepted),
                InviteStep(32_100, .wake, [.terminated], .terminated),
            ])
    }

    @Test func nonInviteKeepsItsResponseForTimerJ() {
        run(
            false,
            [
                NonInviteStep(0, .start, [], .trying),
                NonInviteStep(100, .retransmission, [], .trying),
                NonInviteStep(200, .respond(180), [], .trying),
                NonInviteStep(300, .respond(200), [.sendResponse], .completed),
                NonInviteStep(400, .retransmission, [.repeatResponse], .completed),
                NonInviteStep(500, .respond(500), [], .completed),
                NonInviteStep(32_300, .wake, [.terminated], .terminated),
            ])
    }

    /// RFC 4320 §4.1, §4.2: a 100 after 3.5 s, and nothing at all once the client has given up.
    @Test func nonInviteTryingComesLateAndTimeOutIsSilent() {
        run(
            false,
            [
                NonInviteStep(0, .start, [], .trying),
                NonInviteStep(3_500, .wake, [.sendTrying], .proceeding),
                NonInviteStep(4_000, .retransmission, [.repeatResponse], .proceeding),
                NonInviteStep(32_000, .wake, [.abandoned, .terminated], .terminated),
            ])
    }

    @Test func nonInviteOverStreamsEndsWithItsResponse() {
        run(
            true,
            [
                NonInviteStep(0, .start, [], .trying),
                NonInviteStep(10, .respond(200), [.sendResponse, .terminated], .terminated),
            ])
    }
}
