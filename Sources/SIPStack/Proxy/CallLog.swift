import Primitives
import SIPMessages

/// Which calls have been set up through this proxy and not ended, so that each is reported once.
struct CallLog: Sendable {
    /// A proxy keeps no dialogs; this many calls are remembered for reporting, and the oldest forgotten.
    private static let capacity = 20_000

    private struct Call: Sendable {
        var from: AddressOfRecord?
        var to: AddressOfRecord?
    }

    private var calls: [String: Call] = [:]
    private var order: [String] = []

    /// A 2xx to an INVITE outside a dialog went upstream.
    mutating func setUp(_ request: SIPMessage) -> SIPObservation? {
        guard let callID = try? request.callID, let to = try? request.to, to.tag == nil, calls[callID] == nil else {
            return nil
        }
        if order.count >= Self.capacity {
            for old in order.prefix(Self.capacity / 4) { calls[old] = nil }
            order.removeFirst(Self.capacity / 4)
        }
        let call = Call(from: (try? request.from)?.uri.addressOfRecord, to: to.uri.addressOfRecord)
        calls[callID] = call
        order.append(callID)
        return .callSetUp(from: call.from, to: call.to, callID: callID)
    }

    /// A BYE was answered.
    mutating func end(_ request: SIPMessage) -> SIPObservation? {
        guard let callID = try? request.callID, let call = calls.removeValue(forKey: callID) else { return nil }
        return .callEnded(from: call.from, to: call.to, callID: callID)
    }
}
