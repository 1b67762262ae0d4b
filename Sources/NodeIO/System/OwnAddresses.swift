import NIOCore
import Primitives

/// The addresses of this machine's network interfaces.
enum OwnAddresses {
    /// As they are now, each as a block of one; none when the system does not tell.
    static func current() -> [AddressPrefix] {
        let devices = (try? System.enumerateDevices()) ?? []
        return devices.compactMap { Endpoint($0.address).flatMap { AddressPrefix("\($0.address)") } }
    }
}
