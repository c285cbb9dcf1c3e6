internal import Manifest

/// Whom a bucket is counted for.
package enum LimitSubject: Sendable, Equatable {
  /// All that one client id sends, whoever it is sent for.
  case app(client: String)
  /// One account of the platform, whichever connections lead to it.
  case account(String)
  /// One connection whose account is not known.
  case connection(String)
  /// Nobody uses the bucket now.
  case nobody

  private static let endpointMark = " endpoint:"
  private static let accountMark = "account:"
  private static let connectionMark = "connection:"

  /// As keys of buckets write it.
  func text(at endpoint: String? = nil) -> String {
    let suffix = endpoint.map { Self.endpointMark + $0 } ?? ""
    return switch self {
    case .app(let client): client + suffix
    case .account(let id): Self.accountMark + id + suffix
    case .connection(let id): Self.connectionMark + id + suffix
    case .nobody: ""
    }
  }

  /// Reads ``text(at:)`` back; an id may hold anything, an endpoint's name no space.
  static func parse(
    _ text: String, scope: Limits.Bucket.Scope
  ) -> (subject: LimitSubject, endpoint: String?) {
    guard scope != .app else { return (.app(client: text), nil) }
    var rest = text[...]
    var endpoint: String?
    if scope == .endpoint, let mark = text.ranges(of: endpointMark).last {
      endpoint = String(text[mark.upperBound...])
      rest = text[..<mark.lowerBound]
    }
    if rest.hasPrefix(accountMark) {
      return (.account(String(rest.dropFirst(accountMark.count))), endpoint)
    }
    if rest.hasPrefix(connectionMark) {
      return (.connection(String(rest.dropFirst(connectionMark.count))), endpoint)
    }
    return (.nobody, endpoint)
  }
}
