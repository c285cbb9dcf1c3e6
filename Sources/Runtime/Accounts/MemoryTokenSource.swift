internal import Ports
internal import Synchronization

/// The secrets of the connections made in this process, gone with it.
///
/// Nothing can refresh them.
final class MemoryTokenSource: TokenSource {
  private struct Key: Hashable {
    let connection: String
    let profile: String
  }

  private let tokens = Mutex<[Key: Token]>([:])

  func keep(_ token: Token, connection: String, profile: String) {
    tokens.withLock { $0[Key(connection: connection, profile: profile)] = token }
  }

  func token(connection: String, profile: String) async throws(TokenFailure) -> Token {
    if let token = tokens.withLock({ $0[Key(connection: connection, profile: profile)] }) { return token }
    throw TokenFailure(
      "auth profile \(profile) has no secret on this connection; connect the account with it first")
  }

  func refresh(connection: String, profile: String, after generation: UInt64) async throws(TokenFailure)
    -> Token?
  { nil }
}
