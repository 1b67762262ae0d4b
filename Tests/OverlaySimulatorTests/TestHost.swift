import Foundation

@testable import OverlaySimulator

/// A machine for simulations in tests.
enum TestHost {
    static func make(memory: Int = 0, isStopped: @escaping @Sendable () -> Bool = { false }) -> Simulation.Host {
        Simulation.Host(
            concurrently: { count, body in
                let group = DispatchGroup()
                for index in 1..<count {
                    group.enter()
                    Thread.detachNewThread {
                        body(index)
                        group.leave()
                    }
                }
                body(0)
                group.wait()
            }, pause: { Thread.sleep(forTimeInterval: 0) }, isStopped: isStopped, memory: { memory })
    }
}
