internal import Ports
internal import Secrets
internal import Synchronization
internal import Telemetry
internal import Vault

/// The secrets of stored connections: opened when an exchange needs one, kept in memory for a while.
final class ConnectionTokens: TokenSource {
  private struct Key: Hashable {
    let connection: String
    let profile: String
  }

  private let store: any ConnectionStore
  private let vault: Vault
  private let redaction: LogRedaction
  private let open = Mutex<[Key: Token]>([:])

  /// Opened secrets in memory; beyond it all are let go and opened again as they are needed.
  private static let maximumOpen = 10_000

  /// - Parameter redaction: gets every secret, so that no log line shows one.
  init(store: any ConnectionStore, vault: Vault, redaction: LogRedaction) {
    self.store = store
    self.vault = vault
    self.redaction = redaction
  }

  func token(connection: String, profile: String) async throws(TokenFailure) -> Token {
    let key = Key(connection: connection, profile: profile)
    if let token = open.withLock({ $0[key] }) {
      // Again: the log remembers those that were used last.
      redaction.register(token.secret)
      return token
    }
    let sealed: SealedSecret?
    do {
      sealed = try await store.secret(connection: connection, field: profile)
    } catch {
      throw TokenFailure("the secret of this connection cannot be read: \(error)", isTransient: true)
    }
    guard let sealed else {
      throw TokenFailure(
        "auth profile \(profile) has no secret on this connection; connect the account with it first")
    }
    do {
      let secret = try await vault.open(
        sealed.bytes, tenant: sealed.tenant, connection: connection, field: profile)
      let token = Token(secret: secret, alternative: sealed.alternative, generation: sealed.generation)
      redaction.register(secret)
      keep(token, connection: connection, profile: profile)
      return token
    } catch VaultError.doesNotOpen(let what) {
      throw TokenFailure("\(what) does not open: connect the account again")
    } catch {
      throw TokenFailure("the secret of this connection cannot be opened: \(error)", isTransient: true)
    }
  }

  /// Nothing better can be had: keys and tokens that people pass in are not refreshed.
  func refresh(connection: String, profile: String, after generation: UInt64) async throws(TokenFailure)
    -> Token?
  { nil }

  /// Lets exchanges use a secret, before it is stored too.
  func keep(_ token: Token, connection: String, profile: String) {
    open.withLock { open in
      if open.count >= Self.maximumOpen { open.removeAll() }
      open[Key(connection: connection, profile: profile)] = token
    }
  }

  func forget(connection: String) {
    open.withLock { open in open = open.filter { $0.key.connection != connection } }
  }
}
