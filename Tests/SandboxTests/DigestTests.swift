import Testing

@testable import Sandbox

@Suite struct DigestTests {
  /// Of FIPS 180-2.
  @Test func sha256IsThatOfTheStandard() {
    #expect(
      Digest.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  /// The second case of RFC 4231.
  @Test func hmacIsThatOfTheStandard() {
    let code = Digest.hmacSHA256(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
    #expect(
      Digest.hexadecimal(code) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test func signatureCoversItsTimeAndTheRawBody() {
    let time = SandboxInstant(milliseconds: 1_700_000_000_500)
    let signature = ListWebhook.signature(of: Array("type=subscribe".utf8), secret: "Jefe", at: time)
    let code = Digest.hmacSHA256(Array("1700000000.type=subscribe".utf8), key: Array("Jefe".utf8))
    #expect(signature == "t=1700000000,v1=\(Digest.hexadecimal(code))")
  }
}
