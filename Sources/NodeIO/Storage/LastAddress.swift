import Glibc
import Primitives

/// Where a node could be reached when it ran last, so that an invitation can be given while it does not run.
struct LastAddress {
    let network: String
    let endpoint: Endpoint

    init(network: String, endpoint: Endpoint) {
        self.network = network
        self.endpoint = endpoint
    }

    /// What the directory's node left; nil when it never ran.
    init?(in directory: DataDirectory) {
        guard let bytes = try? PrivateFile.read(directory.addressPath, limit: 4_096) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, let endpoint = Endpoint(lines[0]) else { return nil }
        self.init(network: String(lines[1]), endpoint: endpoint)
    }

    func write(to directory: DataDirectory) throws(SystemCallError) {
        unlink(directory.addressPath)
        try PrivateFile.create(directory.addressPath, Array("\(endpoint)\n\(network)\n".utf8))
    }
}
