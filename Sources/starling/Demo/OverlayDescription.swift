import FoundationEssentials
import Primitives

/// A local overlay as scripts/local-overlay.sh leaves it in `overlay.json`.
struct OverlayDescription: Decodable {
    /// One user of the overlay's domain.
    struct User: Decodable {
        var address: String
        var password: String
        /// Where the user's phone registers, as in `127.0.0.1:5060`.
        var server: String
        /// Whose address that is: a key of `nodes`.
        var node: String
    }

    /// One process of the overlay.
    struct Node: Decodable {
        var pid: Int32
        var data: String
        var log: String
        var overlay: String
        /// Empty for a node that speaks no SIP.
        var sip: String
    }

    var domain: String
    var users: [String: User]
    var nodes: [String: Node]

    /// Reads the description in a directory.
    ///
    /// - Throws: ``Failure`` that says which file is missing or wrong.
    init(in directory: String) throws {
        let path = directory + "/overlay.json"
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw Failure("\(path) can't be read: start an overlay with scripts/local-overlay.sh first")
        }
        do {
            self = try JSONDecoder().decode(OverlayDescription.self, from: data)
        } catch {
            throw Failure("\(path) is not what scripts/local-overlay.sh writes: \(error)")
        }
    }

    func user(_ name: String) throws -> User {
        guard let user = users[name] else { throw Failure("the overlay has no user \(name)") }
        return user
    }

    func node(_ name: String) throws -> Node {
        guard let node = nodes[name] else { throw Failure("the overlay has no node \(name)") }
        return node
    }
}
