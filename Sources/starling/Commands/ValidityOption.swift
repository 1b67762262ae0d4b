import ArgumentParser

/// How long an invitation can be accepted.
struct ValidityOption: ParsableArguments {
    @Option(help: ArgumentHelp("How long the secret can be used, in seconds.", valueName: "seconds"))
    var validFor = 86_400

    func validate() throws {
        guard (1...31_536_000).contains(validFor) else {
            throw ValidationError("--valid-for \(validFor): write a number of seconds from 1 to 31536000 (a year)")
        }
    }
}
