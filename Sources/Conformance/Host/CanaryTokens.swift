internal import Manifest
internal import Ports
internal import Secrets

/// Credentials that can be recognised wherever they turn up.
struct CanaryTokens: TokenSource {
  /// Shaped like a Mailchimp key too, so that variables can be derived from it.
  static let canary = "pbcanary5e0c0ffee5e0c0ffee5e0c0f-us1"

  func token(connection: String, profile: String) async throws(TokenFailure) -> Token {
    Token(secret: Secret(Self.canary), alternative: 0)
  }

  func refresh(
    connection: String, profile: String, after generation: UInt64
  ) async throws(TokenFailure) -> Token? { nil }
}
