internal import Manifest

/// A request's `auth`: nothing, a profile, or a profile and the handle of a captured secret.
enum AuthName: Sendable, Equatable {
  case anonymous
  case profile(String)
  case handle(String, profile: String)

  init(_ text: String) {
    if text.isEmpty {
      self = .anonymous
    } else if let colon = text.utf8.firstIndex(of: .init(ascii: ":")) {
      self = .handle(
        String(text[text.utf8.index(after: colon)...]), profile: String(text[..<colon]))
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
