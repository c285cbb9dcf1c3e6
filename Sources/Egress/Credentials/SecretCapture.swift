internal import ConnectorModel
internal import Manifest
internal import Secrets

/// Moves the secrets that a manifest declares out of an answer's JSON and leaves handles in their place.
struct SecretCapture: Sendable {
  enum Result: Sendable, Equatable {
    /// Nothing to hide was found.
    case unchanged
    case replaced([UInt8])
    /// It may hold a secret and cannot be read: nobody may see it.
    case unreadable
  }

  /// Secrets of one answer; more are not looked through.
  static let maximumSecrets = 1000

  let rules: [Manifest.Capture]

  /// `keep` stores one secret and returns its handle.
  ///
  /// - Parameter isSuccess: secrets come in 2xx answers; those must be readable.
  func apply(
    to body: [UInt8], isSuccess: Bool, keep: (_ secret: Secret, _ profile: String, _ key: String) -> String
  ) -> Result {
    guard !rules.isEmpty, !body.isEmpty else { return .unchanged }
    guard var value = try? StableJSON.decode(JSONValue.self, from: body) else {
      return isSuccess ? .unreadable : .unchanged
    }
    var found: [String] = []
    for rule in rules {
      rule.path.replace(in: &value) { matched, holder in
        // Where a platform tells a secret once, it is empty ever after: that is none, and replaces none.
        guard matched != .null, let text = Self.text(matched), !text.isEmpty else { return nil }
        found.append(text)
        guard found.count <= Self.maximumSecrets else { return nil }
        // Without a declared key the secret itself tells one from another.
        let key = rule.key.map { $0.evaluate(in: holder).first.flatMap(Self.text) ?? "" } ?? text
        return .string(keep(Secret(text), rule.profile, key))
      }
    }
    guard !found.isEmpty else { return .unchanged }
    guard found.count <= Self.maximumSecrets, let bytes = try? StableJSON.encode(value) else {
      return .unreadable
    }
    return .replaced(Redaction(hiding: found).apply(to: bytes))
  }

  private static func text(_ value: JSONValue) -> String? {
    if case .string(let text) = value { return text }
    return (try? StableJSON.encode(value)).map { String(decoding: $0, as: UTF8.self) }
  }
}
