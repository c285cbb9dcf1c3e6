internal import ConnectorModel
internal import Manifest
internal import Secrets

internal import struct FoundationEssentials.Data

/// Puts secrets into requests, where their profile says, at the last moment before the wire.
struct AuthInjector: Sendable {
  let profiles: [String: AuthProfile]
  /// Lower-case names of headers that some profile fills in.
  let headerNames: Set<String>

  init(profiles: [String: AuthProfile]) {
    self.profiles = profiles
    headerNames = Set(
      profiles.values.flatMap(\.alternatives).compactMap { alternative in
        if case .header(let name, _) = alternative.inject { return name.lowercased() }
        return nil
      })
  }

  /// Adds the credential to a request's URL or headers.
  ///
  /// - Returns: what must not be seen in anything that comes back.
  /// - Throws: `unauthenticated` when the stored secret is unusable, `internal` when the profile does not fit it.
  func inject(
    _ credential: Credential, into url: inout NormalizedURL, _ headers: inout [HeaderField]
  ) throws(EgressError) -> Redaction {
    guard let profile = profiles[credential.profile],
      profile.alternatives.indices.contains(credential.alternative)
    else {
      throw EgressError(
        .internal, "auth profile `\(credential.profile.asShortLabel)` has no alternative that fits its secret"
      )
    }
    let injection = profile.alternatives[credential.alternative].inject
    // The one place where a secret becomes text.
    let injected = credential.secret.reveal { key in Injected(key, by: injection) }
    guard let injected else {
      throw EgressError(
        .unauthenticated,
        "the secret of profile `\(credential.profile)` is empty or has a line break; connect the account again"
      )
    }
    if let header = injected.header { headers.append(header) }
    if let (name, value) = injected.query { url = url.settingQuery(name, to: value) }
    return injected.redaction
  }
}

/// A secret in the shape that its profile sends.
private struct Injected {
  var header: HeaderField?
  var query: (name: String, value: String)?
  var redaction: Redaction

  /// Nil when the secret cannot stand in a header.
  init?(_ key: String, by injection: AuthProfile.Injection) {
    guard !key.isEmpty, HeaderRules.isValue(key) else { return nil }
    redaction = Redaction(hiding: [key])
    switch injection {
    case .basic(let user, let password):
      let pair = Self.fill(user, key) + ":" + Self.fill(password, key)
      let encoded = Data(pair.utf8).base64EncodedString()
      header = HeaderField("Authorization", "Basic \(encoded)")
      // An echo may leave the padding out.
      redaction = Redaction(hiding: [key, encoded, String(encoded.prefix { $0 != "=" })])
    case .bearer: header = HeaderField("Authorization", "Bearer \(key)")
    case .header(let name, let value): header = HeaderField(name, Self.fill(value, key))
    case .query(let name): query = (name, key)
    }
  }

  /// `template` with every `$key` replaced.
  private static func fill(_ template: String, _ key: String) -> String {
    var filled = ""
    var rest = template[...]
    while let mark = rest.firstRange(of: "$key") {
      filled += rest[..<mark.lowerBound]
      filled += key
      rest = rest[mark.upperBound...]
    }
    return filled + rest
  }
}
