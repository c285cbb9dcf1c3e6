internal import Ports
internal import Secrets

/// What a request is sent with.
struct Credential: Sendable {
  enum Origin: Sendable, Equatable {
    /// From the token source; can be refreshed once.
    case token(generation: UInt64)
    /// Captured from an answer of this operation.
    case captured
  }

  let profile: String
  let secret: Secret
  /// The index into the profile's alternatives.
  let alternative: Int
  let origin: Origin

  init(_ token: Token, profile: String) {
    self.profile = profile
    secret = token.secret
    alternative = token.alternative
    origin = .token(generation: token.generation)
  }

  init(captured secret: Secret, profile: String, alternative: Int) {
    self.profile = profile
    self.secret = secret
    self.alternative = alternative
    origin = .captured
  }
}
