/// Why a command was not carried out, in words for the person who gave it: what is wrong and what to do.
package struct CommandFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
