import Primitives

/// Calls that went on when the last process ended. Their BYE passes this proxy as before, by the routes that it recorded.
extension DialogTracker {
    /// Takes a call up again; its users are told of with ``information(of:)`` when all have come.
    mutating func restore(_ key: [UInt8], _ value: [UInt8], at now: Instant, _ actions: inout [Action]) {
        guard var call = try? TrackedCall(decoding: value), call.key.bytes == key, calls[call.key] == nil,
            calls.count < limits.maximumCalls,
            call.users.allSatisfy({ information(of: $0).dialogs.count < limits.maximumCallsPerUser })
        else { return actions.append(.forget(key: key)) }
        call.isKept = true
        for position in call.legs.indices where !call.legs[position].hasSessionTimer {
            call.legs[position].expires = min(call.legs[position].expires, now + limits.restoredCallTime)
        }
        add(call, at: now, &actions)
    }
}
