internal import Secrets

/// The API key of a request.
enum Credentials: Sendable, Equatable {
  case key(Secret)
  /// Something that cannot be a key.
  case unusable
  case none

  /// - Parameters: the values of the headers `Authorization`, which wins, and `X-API-Key`.
  init(authorization: String?, apiKey: String?) {
    guard let text = authorization.map(Self.token) ?? apiKey else {
      self = .none
      return
    }
    self = text.hasPrefix("pb_") && text.utf8.count <= 128 ? .key(Secret(text)) : .unusable
  }

  /// What stands behind `Bearer`, empty for another scheme.
  private static func token(_ authorization: String) -> String {
    let parts = authorization.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return "" }
    return String(parts[1].drop { $0 == " " })
  }
}
