import Testing

@testable import Secrets

@Suite struct SecretTests {
  private let canary = "canary-7f3a"

  @Test func secretShowsInNoKindOfText() {
    let secret = Secret(canary)
    var dumped = ""
    dump(secret, to: &dumped)
    dump(["token": secret], to: &dumped)
    let texts = [
      "\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])",
      "\(Optional(secret) as Any)",
      "\(["token": secret])", dumped,
    ]
    for text in texts { #expect(!text.contains(canary)) }
  }

  @Test func revealHandsOutTheText() {
    #expect(Secret(canary).reveal { $0 } == canary)
  }

  @Test func equalTextsAreEqualSecrets() {
    #expect(Secret("a") == Secret("a"))
    #expect(Secret("a") != Secret("b"))
  }
}
