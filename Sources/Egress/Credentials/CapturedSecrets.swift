internal import Secrets

/// The secrets that the running operations received in answers, and their handles.
///
/// A pure value; a handle is `pbh_` and 26 base32 characters, and lives as long as its operation.
struct CapturedSecrets: Sendable {
  private struct Name: Sendable, Hashable {
    var profile: String
    var key: String
  }

  private struct Operation: Sendable {
    var handles: [Name: String] = [:]
    var secrets: [String: (profile: String, secret: Secret)] = [:]
  }

  private var operations: [String: Operation] = [:]

  /// Makes room for an operation; without it nothing is kept for it.
  mutating func open(_ operation: String) {
    if operations[operation] == nil { operations[operation] = Operation() }
  }

  /// Forgets everything of an operation.
  mutating func close(_ operation: String) { operations[operation] = nil }

  /// The handle of a secret: always the same for the same operation, profile and key.
  mutating func keep(_ secret: Secret, profile: String, key: String, operation: String) -> String {
    let name = Name(profile: profile, key: key)
    let known = operations[operation]
    var salt: UInt64 = 0
    var handle = known?.handles[name] ?? Self.handle(operation, name, salt)
    // Names are spread, not encrypted: two that meet are told apart here.
    while known?.handles[name] == nil, known?.secrets[handle] != nil {
      salt += 1
      handle = Self.handle(operation, name, salt)
    }
    operations[operation]?.handles[name] = handle
    operations[operation]?.secrets[handle] = (profile, secret)
    return handle
  }

  /// The secret behind a handle, nil when it is not alive in this operation under this profile.
  func secret(_ handle: String, profile: String, operation: String) -> Secret? {
    guard let entry = operations[operation]?.secrets[handle], entry.profile == profile else { return nil }
    return entry.secret
  }

  /// Whether the operation captured anything so far.
  func isKnown(_ operation: String) -> Bool { operations[operation]?.secrets.isEmpty == false }

  /// Everything that the operation captured so far.
  func all(of operation: String) -> [Secret] {
    operations[operation]?.secrets.values.map(\.secret) ?? []
  }

  /// Whether a live handle of the operation stands anywhere in `bytes`.
  func isHandle(in bytes: some Collection<UInt8>, operation: String) -> Bool {
    guard let secrets = operations[operation]?.secrets, !secrets.isEmpty else { return false }
    let prefix = Array(Self.prefix.utf8)
    var rest = bytes[...]
    while let start = rest.firstIndex(of: prefix[0]) {
      let candidate = rest[start...].prefix(Self.length)
      if candidate.starts(with: prefix), secrets[String(decoding: candidate, as: UTF8.self)] != nil {
        return true
      }
      rest = rest[rest.index(after: start)...]
    }
    return false
  }

  private static let prefix = "pbh_"
  private static let length = 30

  private static func handle(_ operation: String, _ name: Name, _ salt: UInt64) -> String {
    var spread = NameSpread(salt: salt)
    for part in [operation, name.profile, name.key] { spread.add(part) }
    return prefix + spread.base32(count: length - prefix.utf8.count)
  }
}
