import SIPMessages

/// RFC 5626 §7: a device that can be reached by several flows, here or at other nodes, gets a request by one at a time.
extension Proxy {
    /// The targets that lead to devices which are no target yet. The others are kept for when those fail.
    static func newDevices(of targets: [Target], in context: inout ResponseContext) -> [Target] {
        var new: [Target] = []
        for target in targets {
            guard let target = restricted(target, to: context.device, user: context.request.requestURI) else {
                continue
            }
            let fresh = target.devices.filter { !context.devices.contains($0) }
            // Of a node that has others as well, only those are asked for, each by its GRUU.
            let single = fresh.compactMap { Self.single($0, of: target) }
            if fresh.count == target.devices.count || target.hasUnnamedDevices || single.count < fresh.count {
                new.append(target)
            } else {
                new += single
                if context.spares.count < maximumTargets { context.spares.append(target) }
            }
            context.devices.formUnion(target.devices)
        }
        return new
    }

    /// RFC 5627 §6.1: a request to a GRUU goes to contacts of its device alone, and to another node as it is.
    private static func restricted(_ target: Target, to device: String?, user uri: SIPURI?) -> Target? {
        guard let device, target.isNode else { return target }
        guard target.devices.contains(device), let uri else { return nil }
        var target = target
        target.requestURI = uri
        target.devices = [device]
        target.hasUnnamedDevices = false
        return target
    }

    private static func single(_ device: String, of target: Target) -> Target? {
        guard let aor = target.requestURI.addressOfRecord, let uri = GRUU.uri(of: aor, instance: device) else {
            return nil
        }
        var target = target
        target.requestURI = uri
        target.devices = [device]
        return target
    }

    /// RFC 5626 §7: after a 408 or 430, or when the flow could not be used at all, another flow of the same device is
    /// tried. After any other response it is not: the device has answered.
    ///
    /// - Parameter hasAnswered: whether the status came in a response.
    mutating func useSpare(
        insteadOf branch: ClientTransactionID, after status: Int, hasAnswered: Bool, in id: ContextID
    ) {
        guard !hasAnswered || status == 408 || status == 430, var context = contexts[id], !context.isEnding,
            let devices = context.branches.first(where: { $0.id == branch })?.devices,
            let position = context.spares.firstIndex(where: { !$0.devices.allSatisfy { !devices.contains($0) } }),
            context.tried.count < Self.maximumTargets
        else { return }
        let spare = context.spares.remove(at: position)
        context.tried.append(spare.requestURI)
        context.waiting.insert(spare, at: 0)
        contexts[id] = context
    }

    /// A 430 means that a flow to the user has failed, not the user (RFC 5626 §11.6).
    static func candidate(_ response: SIPMessage, in context: ResponseContext) -> BestResponse.Candidate {
        response.statusCode == 430 ? .assumed(context.flowFailure) : .received(withoutTopVia(response))
    }

    /// What a branch that got no answer counts as having answered. One device that its own flow does not lead to any more
    /// is not there; a server that can't be reached is another matter.
    static func outcome(of position: Int, status: Int, in context: ResponseContext) -> Int {
        status == 503 && context.branches[position].isFlow ? context.flowFailure : status
    }
}
