/// Ties replies to the command that asked for them. The shell chooses it and never uses one twice.
package struct CommandID: Hashable, Sendable {
    package var value: UInt64

    package init(_ value: UInt64) { self.value = value }
}
