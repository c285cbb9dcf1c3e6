internal import ConnectorModel
internal import Manifest

/// What a manifest says of one of its endpoints, made ready for requests once.
final class EndpointRules: Sendable, Equatable {
  /// A bucket that every request here needs a place in.
  struct Bucket: Sendable {
    let name: String
    let declared: Limits.Bucket
  }

  /// In the manifest.
  let name: String
  let endpoint: Manifest.Endpoint
  let headers: HeaderRules
  /// By name; with one that stands in where the manifest bounds nothing that is under way.
  let buckets: [Bucket]

  /// No name that a manifest may give.
  private static let undeclared = "(undeclared)"

  /// - Parameter taken: lower-case names of headers that auth profiles fill in.
  init(_ name: String, _ endpoint: Manifest.Endpoint, taken: Set<String>, limits: Limits) {
    self.name = name
    self.endpoint = endpoint
    headers = HeaderRules(taken: taken.union(endpoint.headers.map { $0.name.lowercased() }))
    let named = Set(limits.defaultBuckets + endpoint.buckets).sorted().compactMap { name in
      limits.buckets[name].map { Bucket(name: name, declared: $0) }
    }
    let isBounded = named.contains { $0.declared.concurrent != nil }
    buckets = named + (isBounded ? [] : [Bucket(name: Self.undeclared, declared: .undeclared)])
  }

  static func == (one: EndpointRules, other: EndpointRules) -> Bool { one === other }
}
