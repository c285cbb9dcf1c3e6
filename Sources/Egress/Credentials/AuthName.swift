internal import Manifest

/// A request's `auth`: nothing, a profile, or a profile and the handle of a captured secret.
enum AuthName: Sendable, Equatable {
  case anonymous
  case profile(String)
  case handle(String, profile: String)

  init(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if text.isEmpty {
      self = .anonymous
    } else if parts.count == 2 {
      self = .handle(parts[1], profile: parts[0])
    } else {
      self = .profile(text)
    }
  }

  var profile: String? {
    switch self {
    case .anonymous: nil
    case .profile(let name), .handle(_, let name): name
    }
  }

  /// Whether `endpoint` lists it.
  func isAllowed(at endpoint: Manifest.Endpoint) -> Bool {
    profile.map(endpoint.auth.contains) ?? endpoint.allowsAnonymous
  }
}
