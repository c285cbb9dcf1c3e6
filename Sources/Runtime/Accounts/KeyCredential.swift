package import Manifest
internal import Ports
package import Secrets

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// A platform key that somebody passed in, as the account it connects.
package struct KeyCredential: Sendable {
  /// What kind of secret it is.
  package enum Kind: String, Sendable, CaseIterable { case apiKey = "api-key", token }

  package var secret: Secret
  package var kind: Kind

  package init(_ secret: Secret, kind: Kind) {
    self.secret = secret
    self.kind = kind
  }

  /// The profile that takes it: the first with an alternative of its kind.
  ///
  /// - Throws: a sentence when the manifest has none.
  package func profile(in manifest: Manifest) throws(RuntimeError) -> (name: String, alternative: Int) {
    for (name, profile) in manifest.auth.sorted(by: { $0.key < $1.key }) {
      if let alternative = profile.alternatives.firstIndex(where: { kind.fits($0.kind) }) {
        return (name, alternative)
      }
    }
    throw RuntimeError(
      "connector \(manifest.id) takes no \(kind.words): its manifest \(manifest.path) has no auth profile of that kind"
    )
  }

  /// The connection it makes, with the variables that the manifest derives from it.
  func connection(id: String, alternative: AuthProfile.Alternative) -> Connection {
    var variables: [String: String] = [:]
    for (variable, rule) in alternative.derive where rule.source == "key" {
      if let value = secret.reveal({ Self.firstGroup(of: rule.match, in: $0) }) {
        variables[variable] = value
      }
    }
    return Connection(id: id, variables: variables)
  }

  /// Nil when the pattern does not match: such a variable stays unknown, and another base of the endpoint may serve.
  private static func firstGroup(of pattern: String, in text: String) -> String? {
    guard let regex = try? Regex(pattern), let match = try? regex.firstMatch(in: text), match.output.count > 1
    else {
      return nil
    }
    return match.output[1].substring.map(String.init)
  }
}

extension KeyCredential.Kind {
  fileprivate func fits(_ kind: AuthProfile.Kind) -> Bool {
    switch (self, kind) {
    case (.apiKey, .apiKey), (.token, .oauth2): true
    default: false
    }
  }

  fileprivate var words: String {
    switch self {
    case .apiKey: "API key"
    case .token: "OAuth token"
    }
  }
}
