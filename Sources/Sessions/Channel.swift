/// Which protocol a message within a session belongs to.
package enum Channel: UInt8, Hashable, Sendable, CaseIterable {
    case kademlia = 1
    case sip = 2
    case enrolment = 3
}
