import ArgumentParser
import NodeIO

/// Which node a command is about.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The node's data directory. Default: $XDG_DATA_HOME/starling or ~/.local/share/starling.", valueName: "dir")
    )
    var data: String?

    @Option(help: ArgumentHelp("A configuration file; flags win over what stands there.", valueName: "file"))
    var config: String?

    /// What the file and the flags say.
    ///
    /// - Parameter readMore: reads the flags of the command's own.
    func settings(_ readMore: (inout SettingsReader) -> Void = { _ in }) throws -> NodeSettings {
        var reader = SettingsReader()
        if let data { reader.set(.data, to: data, at: "--data") }
        readMore(&reader)
        do {
            let file = try config.map { try SettingsFile.read($0) } ?? NodeSettings()
            return file.overridden(by: try reader.result())
        } catch let errors as ConfigurationErrors {
            throw Failure(errors.description, status: .wrongUsage)
        }
    }
}
