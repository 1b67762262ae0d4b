import Identity
import Primitives

/// All that is kept of one other node: its sessions, oldest first, and what is to be delivered in both directions.
/// What was delivered is remembered across sessions, so fresh keys never deliver a message twice.
struct Association: Sendable {
    /// Sessions kept at once: the one in use, one that replaces it, one of a handshake from the other side.
    static let maximumSessions = 3
    /// Datagrams that wait for a session.
    static let maximumDatagrams = 32
    /// Acknowledgements that wait: a peer's unfinished messages span no more numbers. What isn't acknowledged comes again.
    static let maximumAcknowledgements = 512
    /// Sessions that both sides began within this time count as one event, so that both choose the same one.
    private static let simultaneity = Interval.seconds(10)
    /// The other side counts as silent when so many datagrams were not answered for so long.
    private static let silentDatagrams = 3
    private static let silence = Interval.seconds(5)

    var peer: Contact
    /// Names this state to the other side; a new one tells it that the old state is lost.
    let incarnation: UInt64
    var remoteIncarnation: UInt64?
    var sessions: [SecureSession] = []
    var sender = ReliableSender()
    var receiver = ReliableReceiver()
    var datagrams: [QueuedMessage] = []
    var acknowledgements: [Acknowledgement] = []
    /// The handshake with this node that is under way.
    var handshake: Echo?
    var lastRecovery: Instant?
    private var unanswered = 0
    private var unansweredSince = Instant.distantFuture

    init(peer: Contact, incarnation: UInt64) {
        self.peer = peer
        self.incarnation = incarnation
    }

    /// The session to send on: the newest. When both sides began one at about the same time, both take the one that
    /// the node with the lower ID began.
    func sendingIndex(own: NodeID, at now: Instant, limits: SessionLimits) -> Int? {
        var newest: Int?
        for index in sessions.indices.reversed()
        where sessions[index].establishedAt + limits.rejectAge > now
            && sessions[index].sendCounter < limits.rejectRecords
        {
            guard let newest else {
                newest = index
                continue
            }
            let isSimultaneous =
                sessions[newest].isInitiator != sessions[index].isInitiator
                && sessions[newest].establishedAt - sessions[index].establishedAt < Self.simultaneity
            return isSimultaneous && sessions[newest].isInitiator != (own < peer.nodeID) ? index : newest
        }
        return newest
    }

    /// Whether fresh keys are due for that session. Its responder waits an eighth longer, so that not both begin.
    func isRekeyDue(_ index: Int, at now: Instant, limits: SessionLimits) -> Bool {
        let session = sessions[index]
        let age = session.isInitiator ? limits.rekeyAge : limits.rekeyAge * 1.125
        let records = session.isInitiator ? limits.rekeyRecords : limits.rekeyRecords + limits.rekeyRecords / 8
        return session.establishedAt + age <= now || session.sendCounter >= records
    }

    var hasSomethingToSend: Bool { !datagrams.isEmpty || !acknowledgements.isEmpty || !sender.messages.isEmpty }

    /// Whether the other side may have gone or lost its keys.
    func isSilent(at now: Instant) -> Bool {
        unanswered >= Self.silentDatagrams && now - unansweredSince >= Self.silence
    }

    mutating func heard() {
        unanswered = 0
        unansweredSince = .distantFuture
    }

    private mutating func sent(at now: Instant) {
        if unanswered == 0 { unansweredSince = now }
        unanswered += 1
    }

    /// The frames of the next datagram: acknowledgements, then waiting datagrams, then fragments, as far as they fit.
    mutating func nextFrames(room: Int, at now: Instant) -> [UInt8] {
        var writer = ByteWriter(reserving: room)
        while let next = acknowledgements.first, writer.bytes.count + Acknowledgement.encodedLength <= room {
            Frame.acknowledgement(next).encode(into: &writer)
            acknowledgements.removeFirst()
        }
        let silentLength = writer.bytes.count
        while let next = datagrams.first,
            writer.bytes.count + Frame.datagramHeaderLength + next.payload.count <= room
        {
            Frame.datagram(next.channel, next.payload[...]).encode(into: &writer)
            datagrams.removeFirst()
        }
        while datagrams.isEmpty, let next = sender.nextFragment(room: room - writer.bytes.count, at: now) {
            Frame.fragment(next).encode(into: &writer)
        }
        // Acknowledgements alone ask for nothing in return.
        if writer.bytes.count > silentLength { sent(at: now) }
        return writer.bytes
    }

    /// What ``flush(own:mustSpeakOn:at:limits:into:)`` found.
    struct FlushState: Sendable {
        var endpoint: Endpoint
        var wasBusy: Bool
        var hasSession = false
        var isSilent = false
        /// There is no session of use, or fresh keys are due, or the other side seems to have gone.
        var needsHandshake = true
    }

    /// Sends what may be sent now.
    ///
    /// - Parameter mustSpeakOn: the session on which at least one datagram goes out.
    mutating func flush(
        own: NodeID, mustSpeakOn: UInt64?, at now: Instant, limits: SessionLimits, into actions: inout [Sessions.Action]
    ) -> FlushState {
        var state = FlushState(endpoint: peer.endpoint, wasBusy: hasSomethingToSend)
        guard let preferred = sendingIndex(own: own, at: now, limits: limits) else { return state }
        state.hasSession = true
        let index = mustSpeakOn.flatMap { id in sessions.firstIndex { $0.localID == id } } ?? preferred
        var mustSpeak = mustSpeakOn != nil
        while mustSpeak || state.wasBusy {
            let frames = nextFrames(room: sessions[index].room, at: now)
            guard mustSpeak || !frames.isEmpty else { break }
            mustSpeak = false
            actions.append(.transmit(sessions[index].seal(frames, incarnation: incarnation), to: peer.endpoint))
        }
        state.isSilent = isSilent(at: now)
        state.needsHandshake = state.isSilent || isRekeyDue(index, at: now, limits: limits)
        return state
    }

    /// Remembers to acknowledge; a newer acknowledgement of the same message takes the place of the older.
    mutating func acknowledge(_ acknowledgement: Acknowledgement) {
        if let position = acknowledgements.firstIndex(where: { $0.number == acknowledgement.number }) {
            acknowledgements[position] = acknowledgement
        } else if acknowledgements.count < Self.maximumAcknowledgements {
            acknowledgements.append(acknowledgement)
        }
    }

    /// When sessions that were replaced are to be erased.
    func retirement(_ limits: SessionLimits) -> Instant? {
        guard sessions.count > 1, let newest = sessions.last else { return nil }
        return sessions.dropLast().map { max($0.lastHeard, newest.establishedAt) + limits.retirement }.min()
    }

    /// Takes the sessions that were replaced and are silent.
    mutating func takeRetired(at now: Instant, limits: SessionLimits) -> [SecureSession] {
        guard let newest = sessions.last else { return [] }
        let isRetired = { (session: SecureSession) in
            session.localID != newest.localID
                && max(session.lastHeard, newest.establishedAt) + limits.retirement <= now
        }
        let retired = sessions.filter(isRetired)
        sessions.removeAll(where: isRetired)
        return retired
    }

    /// Takes a session under which nothing has been sent for so long that the other side should have fresh keys.
    mutating func takeOutdated(_ localID: UInt64, at now: Instant, limits: SessionLimits) -> SecureSession? {
        guard let index = sessions.firstIndex(where: { $0.localID == localID }),
            sessions[index].establishedAt + limits.rejectAge + limits.retirement <= now
        else { return nil }
        return sessions.remove(at: index)
    }

    /// When something is due.
    func deadline(_ limits: SessionLimits) -> Instant? {
        // Without a session the handshake decides what becomes of the messages, within their lifetime.
        let sending = sessions.isEmpty ? sender.messages.first?.giveUpAt : sender.deadline
        return Instant.earliest(Instant.earliest(sending, receiver.deadline), retirement(limits))
    }
}
