import Foundation
import OverlayNode

/// What goes over the control socket: JSON, one message on a line.
package enum ControlMessage {
    /// Longer lines are refused: no command comes near, and a reply is at most a few records of 16 KiB.
    static let maximumCommandLine = 65_536
    static let maximumReplyLine = 4 << 20

    /// One of the replies to the command of a connection.
    package struct ReplyLine: Codable, Sendable {
        package var reply: Reply
        /// Nothing more will come for this command.
        package var isLast: Bool
    }

    /// A line with its end.
    static func line(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    /// A report for programs to read: JSON on several lines, with its keys in order.
    package static func json(_ report: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }

    static func read<Value: Decodable>(_ type: Value.Type, from line: some Sequence<UInt8>) throws -> Value {
        try JSONDecoder().decode(type, from: Data(line))
    }
}
