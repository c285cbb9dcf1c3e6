/// What a text of a manifest is not, thrown by the parsers of single values.
package enum ManifestError: Error, Sendable, Equatable {
  case malformedPath(String, reason: String)
  case malformedRoute(String, reason: String)
  case malformedURL(String, reason: String)

  /// The part of the sentence that says what is wrong.
  package var reason: String {
    switch self {
    case .malformedPath(_, let reason), .malformedRoute(_, let reason), .malformedURL(_, let reason): reason
    }
  }
}

extension ManifestError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformedPath(let text, let reason): "\"\(text)\" is not a JSON path: \(reason)"
    case .malformedRoute(let text, let reason): "\"\(text)\" is not a route: \(reason)"
    case .malformedURL(let text, let reason): "\"\(text)\" is not a base URL: \(reason)"
    }
  }
}
