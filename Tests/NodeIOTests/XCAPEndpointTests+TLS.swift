import NIOCore
import NodeIO
import Testing

extension XCAPEndpointTests {
    /// HTTPS, with certificates made for the test.
    @Suite(.enabled(if: Certificates.isToolThere)) struct TLS {
        @Test(arguments: ["-tls1_2", "-tls1_3"]) func aRequestIsAnsweredByHTTPS(version: String) async throws {
            let files = try await Certificates()
            let probe = try await XCAPProbe(certificate: CertificateFiles(chain: files.chain, key: files.key))
            let request = HTTPPeer.request("PUT /xcap-root/a", fields: ["Connection: close"], body: "abc")
            let answer = try await files.exchange(
                request, withPort: probe.endpoint.local.port, options: [version])
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.hasSuffix("hi"))
            #expect(probe.calls.map(\.body) == [Array("abc".utf8)])
        }

        @Test func whoeverBeginsNoHandshakeIsClosed() async throws {
            let files = try await Certificates()
            var limits = XCAPEndpointLimits()
            limits.idleTime = .milliseconds(100)
            let probe = try await XCAPProbe(
                limits: limits, certificate: CertificateFiles(chain: files.chain, key: files.key))
            #expect(await (try probe.connect()).isClosedByPeer)
        }

        @Test func plainHTTPIsNotAnswered() async throws {
            let files = try await Certificates()
            let probe = try await XCAPProbe(certificate: CertificateFiles(chain: files.chain, key: files.key))
            let peer = try probe.connect()
            await peer.write(HTTPPeer.request("GET /xcap-root/a"))
            while !(await peer.isClosedByPeer) {}
            #expect(probe.calls.isEmpty)
        }

        @Test func wrongFilesAreNamed() async throws {
            let files = try await Certificates()
            let cases: [(chain: String, key: String, words: [String])] = [
                (files.chain, files.otherKey, ["xcap-key", files.otherKey, "not the key", files.chain]),
                (files.chain, files.missing, ["xcap-key", "no file \(files.missing)"]),
                (files.missing, files.key, ["xcap-certificate", "no file \(files.missing)"]),
                (files.key, files.key, ["xcap-certificate", files.key, "no certificate", "BEGIN CERTIFICATE"]),
                (files.chain, files.chain, ["xcap-key", files.chain, "no private key", "BEGIN PRIVATE KEY"]),
                (files.chain, "/", ["xcap-key", "can't read /"]),
            ]
            for (chain, key, words) in cases {
                let error = await #expect(throws: ConfigurationErrors.self) {
                    try await XCAPProbe(certificate: CertificateFiles(chain: chain, key: key))
                }
                for word in words { #expect("\(error!)".contains(word), "\(error!)") }
            }
        }
    }
}
