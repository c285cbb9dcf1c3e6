import Secrets
import Testing

@testable import HTTPAPI

@Suite struct CredentialsTests {
  private let key = Credentials.key(Secret("pb_abcdefgh_secret"))

  @Test func bothHeadersAreRead() {
    #expect(Credentials(authorization: "Bearer pb_abcdefgh_secret", apiKey: nil) == key)
    #expect(Credentials(authorization: "bearer  pb_abcdefgh_secret", apiKey: nil) == key)
    #expect(Credentials(authorization: nil, apiKey: "pb_abcdefgh_secret") == key)
    #expect(Credentials(authorization: nil, apiKey: nil) == .none)
  }

  @Test func authorizationWins() {
    #expect(Credentials(authorization: "Basic eDp5", apiKey: "pb_abcdefgh_secret") == .unusable)
  }

  @Test(arguments: ["", "Bearer", "Bearer ", "Bearer sk_live", "pb_abcdefgh_secret"])
  func otherTextsAreNoKeys(_ authorization: String) {
    #expect(Credentials(authorization: authorization, apiKey: nil) == .unusable)
  }

  @Test func endlessKeysAreNotEvenHashed() {
    #expect(
      Credentials(authorization: nil, apiKey: "pb_" + String(repeating: "a", count: 10_000)) == .unusable)
  }
}
