import Glibc
import Primitives

/// Which of the machine's addresses other machines see.
enum OutgoingAddress {
    /// The address from which datagrams to `remote` leave. Connecting a UDP socket only asks the routing table:
    /// nothing is sent. nil when there is no route.
    static func toward(_ remote: Endpoint) -> IPAddress? {
        let isV6 = !remote.address.isV4
        let file = socket(isV6 ? AF_INET6 : AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let isConnected = remote.withSystemAddress(forIPv6Socket: isV6) { connect(file, $0, $1) == 0 }
        guard isConnected, let local = Endpoint(boundTo: file), !local.address.isUnspecified else { return nil }
        return local.address
    }
}
