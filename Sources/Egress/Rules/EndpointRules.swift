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
  /// By name.
  let buckets: [Bucket]

  /// - Parameter taken: lower-case names of headers that auth profiles fill in.
  init(_ name: String, _ endpoint: Manifest.Endpoint, taken: Set<String>, limits: Limits) {
    self.name = name
    self.endpoint = endpoint
    headers = HeaderRules(taken: taken.union(endpoint.headers.map { $0.name.lowercased() }))
    buckets = Set(limits.defaultBuckets + endpoint.buckets).sorted().compactMap { name in
      limits.buckets[name].map { Bucket(name: name, declared: $0) }
    }
  }

  static func == (one: EndpointRules, other: EndpointRules) -> Bool { one === other }
}
