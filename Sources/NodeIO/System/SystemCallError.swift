import Glibc

/// A system call that failed: what was being done, to what, and the system's own reason.
package struct SystemCallError: Error, CustomStringConvertible {
    /// What was being done, as a person would say it: "create the data directory".
    package let attempt: String
    /// The file or address it was done to.
    package let subject: String
    package let code: CInt

    /// - Parameter code: the value of `errno` right after the call.
    package init(_ attempt: String, _ subject: String, code: CInt = errno) {
        self.attempt = attempt
        self.subject = subject
        self.code = code
    }

    package var description: String { "can't \(attempt) \(subject): \(String(cString: strerror(code)))" }
}
