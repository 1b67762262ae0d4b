import Dispatch
import Foundation
import NodeIO

/// A certificate, for localhost unless told otherwise, and another key, made with the tool `openssl`.
final class Certificates: Sendable {
    /// Whether the machine has the tool.
    static let isToolThere = (try? run(["version"]))?.status == 0

    private let directory = TemporaryDirectory()

    /// - Parameter names: the subject's alternative names, as OpenSSL writes them.
    init(names: String = "IP:127.0.0.1") async throws {
        let subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=\(names)"]
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        for (key, chain) in [(key, chain), (otherKey, otherChain)] {
            let request = ["req", "-x509", "-days", "2", "-keyout", key, "-out", chain]
            _ = try await Self.runElsewhere(request + curve + subject)
        }
    }

    var chain: String { "\(directory.path)/chain.pem" }
    var key: String { "\(directory.path)/key.pem" }
    var otherKey: String { "\(directory.path)/other-key.pem" }
    var files: CertificateFiles { CertificateFiles(chain: chain, key: key) }
    var missing: String { "\(directory.path)/nothing.pem" }
    private var otherChain: String { "\(directory.path)/other-chain.pem" }

    /// What a server that has the certificate says to `text`, by the tool's own TLS.
    func exchange(_ text: String, withPort port: UInt16, options: [String] = []) async throws -> String {
        let client = ["s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", chain, "-verify_return_error", "-quiet"]
        return try await Self.runElsewhere(client + options, input: text).output
    }

    /// Runs the tool on a thread that no task needs.
    private static func runElsewhere(_ arguments: [String], input: String = "") async throws -> (
        status: Int32, output: String
    ) {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "openssl").async {
                continuation.resume(with: Result { try run(arguments, input: input) })
            }
        }
    }

    private static func run(_ arguments: [String], input: String = "") throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        process.standardError = FileHandle.nullDevice
        try process.run()
        standardInput.fileHandleForWriting.write(Data(input.utf8))
        let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
