/// Everything that is wrong with what a node was told, so that it can be mended in one go.
package struct ConfigurationErrors: Error, CustomStringConvertible {
    package let errors: [ConfigurationError]

    package init(_ errors: [ConfigurationError]) { self.errors = errors }

    package var description: String { errors.map(\.description).joined(separator: "\n") }
}
