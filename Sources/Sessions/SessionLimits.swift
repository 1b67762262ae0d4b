import Primitives

/// Every bound and time of ``Sessions``; the defaults are what nodes use, tests take smaller ones.
package struct SessionLimits: Sendable {
    /// Nodes with which there is a session; about 2 KB each. The least recently used one goes when another comes.
    package var associations = 4096
    /// Handshakes that this node has begun and that are not over: each lasts some seconds at most.
    package var handshakes = 1024
    /// Messages waiting for one destination, and their bytes: eight messages of the largest size. SIP may fill all of
    /// it, other channels half, so that a burst of records never keeps calls out. Under 512, which is what the
    /// receiver's window can tell apart.
    package var queuedMessages = 480
    package var queuedBytes = 512 << 10
    /// Bytes waiting for all destinations together.
    package var queuedBytesInTotal = 32 << 20
    /// Bytes set aside to reassemble messages of one node, and of all nodes together.
    package var reassemblyBytes = 256 << 10
    package var reassemblyBytesInTotal = 16 << 20

    /// A hello or an answer is first repeated after this, then after twice as long, and so on.
    package var handshakeRetry = Interval.milliseconds(500)
    /// How often each of the two is sent before the handshake fails: with half a second first, after 7.5 s.
    package var handshakeTransmissions = 4

    /// How long a challenge's prekey and cookie secret are handed out, and then still accepted.
    package var epochLifetime = Interval.seconds(60)
    /// Answers accepted in one epoch. Each is remembered, so that none is taken twice.
    package var answersPerEpoch = 16_384

    /// Fresh keys are agreed when a session is used after this time or this many records…
    package var rekeyAge = Interval.hours(2)
    package var rekeyRecords: UInt64 = 1 << 32
    /// …and nothing more is sent under the old ones after these.
    package var rejectAge = Interval.hours(3)
    package var rejectRecords: UInt64 = 1 << 34
    /// How long keys that were replaced still open what is on its way.
    package var retirement = Interval.seconds(120)
    /// A node from which and to which nothing went for so long is forgotten.
    package var idleExpiry = Interval.hours(1)

    /// A reliable message that is not acknowledged whole within this time fails.
    package var messageLifetime = Interval.seconds(60)
    /// Longer than ``messageLifetime``, so that a receiver never drops what its sender still believes to be there.
    package var reassemblyLifetime = Interval.seconds(90)
    /// Retransmission time-outs in a row after which the other side counts as gone.
    package var retransmissions = 7

    /// Challenges for one address (an IPv6 /64): a second's number and how many at once.
    package var challengesPerSecond = 100
    package var challengeBurst = 200
    /// Answers with a good cookie from one address; each costs about 100 µs of key agreement.
    package var answersPerSecond = 50
    package var answerBurst = 100
    /// Addresses whose use is remembered.
    package var addresses = 8192

    package init() {}
}
