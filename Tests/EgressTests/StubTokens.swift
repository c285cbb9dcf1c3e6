import Ports
import Secrets
import Synchronization

/// Hands out numbered tokens: `canary-token-1`, and a new one at each refresh while there are any.
final class StubTokens: TokenSource {
  private let state: Mutex<(generation: UInt64, refreshes: Int)>
  private let failure: TokenFailure?

  init(refreshes: Int = 0, failure: TokenFailure? = nil) {
    state = Mutex((1, refreshes))
    self.failure = failure
  }

  func token(connection: String, profile: String) async throws(TokenFailure) -> Token {
    if let failure { throw failure }
    return current
  }

  func refresh(
    connection: String, profile: String, after generation: UInt64
  ) async throws(TokenFailure) -> Token? {
    let isNew = state.withLock { state in
      guard state.refreshes > 0, generation == state.generation else { return false }
      state.refreshes -= 1
      state.generation += 1
      return true
    }
    return isNew ? current : nil
  }

  private var current: Token {
    let generation = state.withLock { $0.generation }
    return Token(secret: Secret("canary-token-\(generation)"), alternative: 0, generation: generation)
  }
}
