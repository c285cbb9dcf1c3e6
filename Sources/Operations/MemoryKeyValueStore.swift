package import ConnectorModel
package import Ports
internal import Synchronization

/// Connectors' state in memory, for single calls and tests: the limits and versions are those of every store.
package final class MemoryKeyValueStore: KeyValueStore {
  package static let maximumKey = 256
  package static let maximumValue = 64 * 1024
  package static let maximumKeys = 1_000
  package static let maximumScope = 1024 * 1024

  private struct Entry {
    var value: [UInt8]
    var version: UInt64
    var expires: UInt64?
  }

  private struct Scope {
    var entries: [String: Entry] = [:]
    /// Grows also after a delete, so that a version never comes back.
    var lastVersion: UInt64 = 0
  }

  private let scopes = Mutex<[String: Scope]>([:])

  package init() {}

  package func perform(
    _ request: KeyValueRequest, connection: String, connector: String, now: UInt64,
    effect: ReplayableEffect?, deliver: @escaping @Sendable (KeyValueAnswer) -> Void
  ) {
    let answer = scopes.withLock { scopes in
      var scope = scopes["\(connector)/\(connection)"] ?? Scope()
      defer { scopes["\(connector)/\(connection)"] = scope }
      return Self.access(request, &scope, now)
    }
    deliver(answer)
  }

  private static func access(_ request: KeyValueRequest, _ scope: inout Scope, _ now: UInt64)
    -> KeyValueAnswer
  {
    guard (1...maximumKey).contains(request.key.utf8.count) else {
      return KeyValueAnswer(outcome: .invalidInput, message: "a key has 1 to \(maximumKey) bytes")
    }
    if let expires = scope.entries[request.key]?.expires, expires <= now { scope.entries[request.key] = nil }
    let current = scope.entries[request.key]
    if request.verb == .get {
      guard let current else { return KeyValueAnswer(outcome: .notFound, message: "there is no such key") }
      return KeyValueAnswer(outcome: .ok, value: current.value, version: current.version)
    }
    guard request.condition.holds(current?.version) else {
      return KeyValueAnswer(
        outcome: .conflict, value: current?.value ?? [], version: current?.version ?? 0,
        message: "the key has another version")
    }
    if request.verb == .delete {
      guard current != nil else { return KeyValueAnswer(outcome: .notFound, message: "there is no such key") }
      scope.entries[request.key] = nil
      scope.lastVersion += 1
      return KeyValueAnswer(outcome: .ok, version: scope.lastVersion)
    }
    scope.entries = scope.entries.filter { $0.value.expires.map { $0 > now } ?? true }
    let others = scope.entries.filter { $0.key != request.key }
    guard request.value.count <= maximumValue, others.count < maximumKeys,
      others.reduce(request.value.count, { $0 + $1.value.value.count }) <= maximumScope
    else {
      return KeyValueAnswer(
        outcome: .quota, version: current?.version ?? 0,
        message:
          "a value has at most \(maximumValue) bytes, a connection \(maximumKeys) keys and \(maximumScope) bytes"
      )
    }
    scope.lastVersion += 1
    scope.entries[request.key] = Entry(
      value: request.value, version: scope.lastVersion,
      expires: request.timeToLive.map { $0.after(now) })
    return KeyValueAnswer(outcome: .ok, version: scope.lastVersion)
  }
}

extension KeyValueRequest.Condition {
  fileprivate func holds(_ version: UInt64?) -> Bool {
    switch self {
    case .any: true
    case .absent: version == nil
    case .version(let wanted): version == wanted
    }
  }
}
