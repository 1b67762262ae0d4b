import ArgumentParser
import Foundation

HugePages.adopt()
do {
    var command = try StarlingSim.parseAsRoot()
    try command.run()
} catch {
    let code = StarlingSim.exitCode(for: error)
    // As with `starling`, 2 is for a command line or a file that is wrong; 1 is for a run that shows too little.
    guard code == .validationFailure else { StarlingSim.exit(withError: error) }
    FileHandle.standardError.write(Data((StarlingSim.fullMessage(for: error) + "\n").utf8))
    exit(2)
}
