internal import Manifest

/// A place that the allow-list lets a request go to.
struct Destination: Sendable, Equatable {
  /// What a request does there, as far as repeating it is concerned.
  enum Effect: Sendable, Equatable {
    /// Changes nothing.
    case read
    /// Changes something, but the same again changes nothing more.
    case idempotent
    case write
  }

  let rules: EndpointRules
  let url: NormalizedURL
  /// The path below the endpoint's base.
  let route: String
  let method: String

  /// Nil when `url` is at or under none of `bases`.
  init?(
    _ url: NormalizedURL, under bases: [NormalizedURL], of rules: EndpointRules, method: String
  ) {
    guard let route = bases.lazy.compactMap({ url.route(below: $0) }).first else { return nil }
    self.rules = rules
    self.url = url
    self.route = route
    self.method = method
  }

  /// The endpoint's name in the manifest.
  var name: String { rules.name }
  var endpoint: Manifest.Endpoint { rules.endpoint }

  /// GET, HEAD and OPTIONS read; of the rest, only what the manifest lists is anything but a write.
  var effect: Effect {
    if ["GET", "HEAD", "OPTIONS"].contains(method) { return .read }
    if endpoint.reads.contains(where: { $0.matches(method: method, path: route) }) { return .read }
    if endpoint.idempotent.contains(where: { $0.matches(method: method, path: route) }) { return .idempotent }
    return .write
  }

  /// At most once on the wire, unless the answer proves that it was not carried out.
  var isWrite: Bool { effect == .write }
}
