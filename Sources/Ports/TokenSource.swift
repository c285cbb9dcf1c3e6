package import Secrets

/// Where the edge gets the secrets that it injects.
package protocol TokenSource: Sendable {
  /// The secret of a connection under an auth profile of the manifest.
  func token(connection: String, profile: String) async throws(TokenFailure) -> Token

  /// Gets a new token after the platform answered 401 to the one of this generation.
  ///
  /// - Returns: nil when nothing better can be had: the account has to be connected again.
  func refresh(
    connection: String, profile: String, after generation: UInt64
  ) async throws(TokenFailure) -> Token?
}

/// A secret and the alternative of its profile that it belongs to.
package struct Token: Sendable {
  package var secret: Secret
  /// The index into the profile's `any` list.
  package var alternative: Int
  /// Grows with each refresh.
  package var generation: UInt64

  package init(secret: Secret, alternative: Int, generation: UInt64 = 1) {
    self.secret = secret
    self.alternative = alternative
    self.generation = generation
  }
}

package struct TokenFailure: Error, Sendable, Equatable {
  /// One sentence: what is missing and what to do.
  package var message: String
  /// The host could not look: says nothing of the account, and may go away by itself.
  package var isTransient: Bool

  package init(_ message: String, isTransient: Bool = false) {
    self.message = message
    self.isTransient = isTransient
  }
}
