import Secrets
import Testing

@testable import Vault

@Suite struct APIKeyTextTests {
  @Test func madeKeyHasItsFormAndReadsBack() throws {
    let key = try APIKeyText.make()
    let text = key.secret.reveal { $0 }
    #expect(text.wholeMatch(of: /pb_[0-9a-z]{8}_[A-Za-z0-9_-]{43}/) != nil)
    let read = try #require(APIKeyText(parsing: Secret(text)))
    #expect(read.id == key.id)
    #expect(try read.matches(key.digest()))
    #expect(try key.digest() == OpenSSLCipher.sha256(Array(text.utf8)))
  }

  @Test func keysDifferAndOneDoesNotMatchTheOther() throws {
    let keys = try (0..<200).map { _ in try APIKeyText.make() }
    #expect(Set(keys.map(\.secret)).count == 200)
    #expect(Set(keys.map(\.id)).count == 200)
    #expect(try !keys[0].matches(keys[1].digest()))
    #expect(try !keys[0].matches([]))
    #expect(try !keys[0].matches(Array(keys[0].digest().dropLast())))
  }

  @Test(arguments: [
    "", "pb_", "pb_abcdefgh_", "pb_abcdefgh-" + String(repeating: "A", count: 43),
    "PB_abcdefgh_" + String(repeating: "A", count: 43), "pb_abcdefgu_" + String(repeating: "A", count: 43),
    "pb_abcdefgh_" + String(repeating: "A", count: 42), "pb_abcdefgh_" + String(repeating: "A", count: 44),
    "pb_abcdefgh_" + String(repeating: "A", count: 42) + "=",
    "pb_abcdefgh_" + String(repeating: "é", count: 43),
  ])
  func textThatIsNoKeyIsNotRead(text: String) {
    #expect(APIKeyText(parsing: Secret(text)) == nil)
  }
}
