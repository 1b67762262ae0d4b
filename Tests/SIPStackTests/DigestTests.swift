import Primitives
import SIPStack
import Testing

@Suite struct DigestTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func hashesOfKnownTexts() {
        #expect(Hex.encode(Digest.md5([])) == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(Hex.encode(Digest.md5(Array("message digest".utf8))) == "f96b697d7cb7938d525a2f31aaf161d0")
        let abc = Array("abc".utf8)
        #expect(
            Hex.encode(Digest.sha256(abc)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Hex.encode(Digest.sha512_256(abc))
                == "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")
    }

    /// RFC 4231 §4.3.
    @Test func hmacOfRFC4231() {
        let mac = Digest.hmacSHA256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        #expect(Hex.encode(mac) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func comparisonLooksAtEveryByte() {
        #expect(Digest.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(!Digest.areEqual([1, 2, 3], [1, 2, 4]))
        #expect(!Digest.areEqual([1, 2, 3], [1, 2]))
    }

    /// RFC 7616 §3.9.1: the same request answered by both algorithms.
    @Test(arguments: [
        (DigestAlgorithm.md5, "8ca523f5e9506fed4657c9700eebdbec"),
        (.sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ])
    func responsesOfRFC7616(algorithm: DigestAlgorithm, expected: String) {
        let ha1 = DigestResponse.ha1(
            algorithm, user: "Mufasa", realm: "http-auth@example.org", password: "Circle of Life")
        let response = DigestResponse.response(
            algorithm, ha1: ha1, method: "GET", uri: "/dir/index.html",
            nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            quality: .init(
                nonceCount: "00000001", clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"))
        #expect(text(response) == expected)
    }

    /// RFC 2617 §3.5, with the quality and, computed apart from this code, without.
    @Test func responsesOfRFC2617() {
        let ha1 = DigestResponse.ha1(
            .md5, user: "Mufasa", realm: "testrealm@host.com", password: "Circle Of Life")
        let nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093"
        let response = DigestResponse.response(
            .md5, ha1: ha1, method: "GET", uri: "/dir/index.html", nonce: nonce,
            quality: .init(nonceCount: "00000001", clientNonce: "0a4f113b"))
        #expect(text(response) == "6629fae49393a05397450978507c4ef1")
        let legacy = DigestResponse.response(
            .md5, ha1: ha1, method: "GET", uri: "/dir/index.html", nonce: nonce, quality: nil)
        #expect(text(legacy) == "670fd8c2df070c60b045671b8b24ff02")
    }

    @Test func algorithmNamesIgnoreCase() {
        #expect(DigestAlgorithm(named: nil) == .md5)
        #expect(DigestAlgorithm(named: "sha-256") == .sha256)
        #expect(DigestAlgorithm(named: "SHA-512-256") == .sha512_256)
        #expect(DigestAlgorithm(named: "SHA-1") == nil)
    }
}
